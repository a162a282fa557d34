#!/usr/bin/env node
import { homedir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { explainStartFailure } from "./explain-start-failure.ts";
import { addKeys } from "./keys-command.ts";
import { type ServeOptions, serve } from "./serve.ts";
import { parseTrustedProxies, type TrustedProxies } from "./trusted-proxies.ts";

const program = new Command("saqbol-server")
  .description(
    "The key server: test results, verification of codes, publishing and exports of keys.",
  )
  .addOption(
    new Option("--data <directory>", "where database and keys are kept")
      .env("SAQBOL_SERVER_DATA")
      .default(defaultDataDir()),
  )
  .addOption(
    new Option("--port <number>", "TCP port; 0 takes a free one")
      .env("SAQBOL_SERVER_PORT")
      .default(8080)
      .argParser(parsePort),
  )
  .addOption(
    new Option("--host <address>", "address to listen on")
      .env("SAQBOL_SERVER_HOST")
      .default("127.0.0.1"),
  )
  .addOption(
    new Option(
      "--trust-proxy <setting>",
      "whose X-Forwarded-For is believed: the number of proxies before the server, or their addresses and networks, separated by commas",
    )
      .env("SAQBOL_SERVER_TRUST_PROXY")
      .argParser(parseProxies),
  )
  .addOption(
    new Option(
      "--metrics-port <number>",
      "serve Prometheus metrics on this port, on loopback only; off unless given",
    )
      .env("SAQBOL_SERVER_METRICS_PORT")
      .argParser(parsePort),
  )
  .addOption(
    new Option("--daily-codes <number>", "verification codes that may be issued on one UTC day")
      .env("SAQBOL_SERVER_DAILY_CODES")
      .argParser(parseCount),
  )
  .addOption(
    new Option("--maintenance", "verify and issue no codes").env("SAQBOL_SERVER_MAINTENANCE"),
  )
  .addHelpText(
    "after",
    `
Prints its address and the files with the API keys (header X-API-Key) of laboratories, desks
and issuers of codes, and with the public key for desks. It speaks plain HTTP: beyond this
computer it belongs behind a TLS proxy. See docs/server.md.

Exit codes: 0 done; 1 failed (the reason is one sentence on standard error); 2 wrong usage.`,
  )
  .configureOutput({
    outputError: (text, write) => write(text.replace(/^error: /, "saqbol-server: ")),
  })
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
addKeys(program);
program
  // Commander would count them, where a command was meant.
  .allowExcessArguments()
  .action((options: ServeOptions, command: Command) => {
    const [unknown] = command.args;
    if (unknown !== undefined) {
      command.error(`error: there is no command '${unknown}'; see saqbol-server --help`);
    }
    return serve({ ...options, maintenance: maintenance(command) });
  });

program.parseAsync().catch((error: unknown) => {
  console.error(`saqbol-server: ${explainStartFailure(error, program.opts())}`);
  process.exitCode = 1;
});

function defaultDataDir(): string {
  const { XDG_DATA_HOME } = process.env;
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "saqbol-server");
}

/** Commander takes any value in the environment for a yes. */
function maintenance(command: Command): boolean {
  if (command.getOptionValueSource("maintenance") !== "env") {
    return command.getOptionValue("maintenance") === true;
  }
  const text = process.env.SAQBOL_SERVER_MAINTENANCE ?? "";
  if (/^(1|true)$/i.test(text)) return true;
  if (/^(0|false|)$/i.test(text)) return false;
  return command.error(
    `error: SAQBOL_SERVER_MAINTENANCE is '${text}'; it must be 1 or true, or 0, false or empty`,
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("It must be a number from 0 to 65535.");
  }
  return port;
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a number.");
  return Number(text);
}

function parseProxies(text: string): TrustedProxies {
  const proxies = parseTrustedProxies(text);
  if (!proxies) {
    throw new InvalidArgumentError("It must be a number, or addresses such as 10.0.0.0/8,::1.");
  }
  return proxies;
}
