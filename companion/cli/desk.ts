/**
 * `saqbol desk`.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import open from "open";
import { keepMemoryPrivate } from "../desk-server/crash-safety.ts";
import { startDeskServer } from "../desk-server/desk-server.ts";
import type { Settings } from "../settings/settings.ts";
import { deskOf } from "./desk-of.ts";
import {
  type ExportSourceValues,
  exportSettingsOf,
  exportSourceOptions,
  jsonOption,
} from "./options.ts";
import { riskConfigOption } from "./risk-option.ts";
import { tell } from "./terminal.ts";
import { adapterOption } from "./token-options.ts";

interface Values extends ExportSourceValues {
  readonly adapter?: string;
  readonly riskConfig?: string;
  readonly texts?: string;
  readonly port: number;
  readonly open: boolean;
  readonly lockAfter: number;
  readonly json?: true;
}

/** Without server and settings file. */
const NOT_CONNECTED: Settings = {
  testResultsUrl: undefined,
  verification: undefined,
  publish: undefined,
  exports: [],
  riskConfig: undefined,
  texts: undefined,
};

/** Adds the command. */
export function addDesk(program: Command): void {
  const command = program
    .command("desk")
    .description("serve wearers on a page in this computer's browser")
    .addOption(
      new Option("--port <number>", "TCP port on 127.0.0.1; 0 takes a free one")
        .default(0)
        .argParser((text) => wholeNumber(text, 0, 65_535)),
    )
    .option("--no-open", "only print the page's address, and open no browser")
    .addOption(
      new Option("--lock-after <minutes>", "minutes without anybody there that lock an open visit")
        .default(5)
        .argParser((text) => wholeNumber(text, 1, 60)),
    )
    .addOption(adapterOption())
    .addOption(riskConfigOption())
    .option(
      "--texts <directory>",
      "what wearers are told, see docs/texts.md (default: that of the settings, or the program's own)",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
The page is for this computer alone, and its address is a secret: whoever has it can use the desk. It is another one
at each start. Ctrl-C ends the visit that is open and forgets it. Without settings file and server, tokens can be
read, switched on, paused and erased, but not checked. See docs/desk-safety.md.`,
    );
  for (const option of exportSourceOptions()) command.addOption(option);
  command.action((options: Values) => runDesk(options, command));
}

async function runDesk(options: Values, command: Command): Promise<void> {
  const settings = exportSettingsOf(options, command, NOT_CONNECTED);
  const { port, lockAfter, riskConfig = settings.riskConfig, texts = settings.texts } = options;
  keepMemoryPrivate();
  const stopped = stopSignal();
  const host = deskOf(options.adapter, { ...settings, riskConfig, texts }, lockAfter * 60);
  const server = await startDeskServer(host, { port });
  if (options.json) console.log(JSON.stringify({ url: server.url }));
  else console.log(`The desk is open at ${server.url}\nStop with Ctrl-C.`);
  if (settings === NOT_CONNECTED) {
    tell("No server is connected, so that tokens can be read, paused and erased, but not checked.");
  }
  if (options.open) await openBrowser(server.openingUrl());
  await stopped;
  // First the visit, so that pages that wait for an action get an answer.
  await host.close();
  await server.close();
}

/** Ctrl-C, the system's request to end, or a terminal that was closed. A second one ends it at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
  });
}

async function openBrowser(address: string): Promise<void> {
  const failed = () =>
    console.error("saqbol: No browser could be opened; open that address in one yourself.");
  try {
    const browser = await open(address);
    browser.once("exit", (code) => {
      if (code) failed();
    });
  } catch {
    failed();
  }
}

function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number >= least && number <= most) return number;
  throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
}
