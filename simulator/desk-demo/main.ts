/** `npm run desk:demo`: a desk to try, with two simulated tokens. */
import { Command, InvalidArgumentError } from "commander";
import open from "open";
import { Failure } from "../../companion/failure.ts";
import { openDeskDemo } from "./desk-demo.ts";

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("Give a whole number, 0 to 65535.");
}

interface Options {
  readonly port: number;
  readonly open: boolean;
  readonly json?: true;
}

const program = new Command("npm run desk:demo --")
  .description("A desk in the browser, with two simulated tokens to serve.")
  .option("--port <number>", "TCP port on this computer; 0 takes a free one", portOf, 0)
  .option("--no-open", "do not open the browser")
  .option("--json", "print one JSON object a line")
  .addHelpText("after", "\nCtrl-C ends it; nothing is left behind.")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse();
const { port, open: opens, json } = program.opts<Options>();
const tell = (event: string, facts: Record<string, unknown>, words: string): void =>
  console.log(json ? JSON.stringify({ event, ...facts }) : words);

// Where there is none, the address is there to be opened.
async function openBrowser(address: string): Promise<void> {
  try {
    (await open(address)).once("error", () => {});
  } catch {
    // As above.
  }
}

try {
  tell("living", {}, "Ten days of two people with tokens are lived through …");
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => resolve());
    }
  });
  const demo = await openDeskDemo({ now: Date.now() / 1000, port, panel: true });
  const { url } = demo.server;
  tell("ready", { url }, `The desk is at ${url}\nCtrl-C ends the demonstration.`);
  if (opens) await openBrowser(demo.server.openingUrl());
  await interrupted;
  await demo.close();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`desk:demo: ${error.message}`);
  process.exitCode = 1;
}
