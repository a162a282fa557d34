/**
 * `saqbol chaff`.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import type { Command } from "commander";
import { Failure } from "../failure.ts";
import { sendChaff } from "../servers/chaff-schedule.ts";
import { systemPace } from "../servers/pace.ts";
import {
  deskClient,
  jsonOption,
  permissionOf,
  type SettingsValues,
  settingsOf,
  settingsOptions,
} from "./options.ts";
import { tell } from "./terminal.ts";

interface Values extends SettingsValues {
  readonly once?: true;
  readonly json?: true;
}

/** Adds the command. */
export function addChaff(program: Command): void {
  const command = program
    .command("chaff")
    .description(
      "send publications that mean nothing, at random times, so that traffic does not tell who was positive",
    )
    .option("--once", "send one now, and end")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
How many a day says publish.chaff.perDay in the settings. It runs until it is interrupted, and tells what it has
sent on a terminal only: in a log, the times would give away which traffic is real.`,
    );
  for (const option of settingsOptions()) command.addOption(option);
  command.action(async (options: Values) => {
    const settings = settingsOf(options, command);
    const kind = permissionOf(settings);
    const client = deskClient(settings);
    let sent = 0;
    const send = async (signal?: AbortSignal) => {
      if (!(await client.chaff(kind, false, signal))) return;
      sent++;
      tell(`Sent ${sent}.`);
    };
    if (options.once) {
      await send();
      if (sent === 0) {
        throw new Failure(
          "server-unreachable",
          "A server did not answer, so that the chaff hides nothing; check the network connection and the server addresses.",
        );
      }
    } else {
      const perDay = settings.publish?.chaffPerDay;
      if (perDay === undefined) {
        throw new Failure(
          "chaff-not-configured",
          "The settings do not say how much chaff to send; add `chaff` with `perDay` to `publish`, or use --once.",
        );
      }
      const stop = new AbortController();
      process.once("SIGINT", () => stop.abort());
      process.once("SIGTERM", () => stop.abort());
      console.error(`Sending chaff, ${perDay} a day on average. Stop with Ctrl-C.`);
      await sendChaff({
        perDay,
        pace: systemPace,
        random: randomBytes,
        signal: stop.signal,
        send: () => send(stop.signal),
      });
    }
    console.log(options.json ? JSON.stringify({ sent }) : `${sent} sent.`);
  });
}
