/**
 * `saqbol listen`.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { Change, OtherSender, Sender, Survey } from "../bluetooth/beacon-survey.ts";
import { BeaconSurvey } from "../bluetooth/beacon-survey.ts";
import { BluetoothRadio } from "../bluetooth/bluetooth-radio.ts";
import { Failure } from "../failure.ts";
import { jsonOption } from "./options.ts";
import { tell } from "./terminal.ts";
import { adapterOption } from "./token-options.ts";

/** A week. */
const LONGEST = 604_800;

interface Values {
  readonly seconds: number;
  readonly adapter?: string;
  readonly json?: true;
}

/** Adds the command. */
export function addListen(program: Command): void {
  program
    .command("listen")
    .description("see what boards send, and what of it a token should not do (for developers)")
    .addOption(
      new Option("--seconds <number>", "how long to listen; 0 until Ctrl-C")
        .argParser(secondsOf)
        .default(30),
    )
    .addOption(adapterOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      `
Hears everyone's beacons, a telephone's as well. Identifiers are not shown: a fingerprint of three bytes stands for each, made
with a key of this run alone, so that what is printed here can never be compared with published keys or with another run.
On Linux, and with --adapter, packets are judged as they were sent. macOS hides addresses; macOS and Windows give only parts of
a packet, so that its form stays unknown, and may leave out some packets. That identifier and address changed together is a
guess: one sender fell silent as another one began. What should be seen, in which order: docs/bring-up.md.`,
    )
    .action(listen);
}

async function listen({ seconds, adapter, json }: Values): Promise<void> {
  const radio = await BluetoothRadio.open(adapter);
  const survey = new BeaconSurvey();
  const interrupted = new AbortController();
  // noble's own would end the process before anything is printed, unless there is another one behind it.
  const onInterrupt = (): void => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  const start = performance.now();
  try {
    tell(`Listening${seconds ? ` for ${seconds} s` : ""}; Ctrl-C ends it.`);
    await radio.listen(
      // By a clock that is never set.
      (packet) => survey.hear(packet, performance.timeOrigin + performance.now()),
      seconds ? seconds * 1000 : Number.POSITIVE_INFINITY,
      interrupted.signal,
    );
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    await radio.close();
  }
  const heard = survey.report();
  const listened = Math.round((performance.now() - start) / 1000);
  const failure = heard.senders.length ? undefined : nothingHeard(heard, listened);
  if (json) {
    // What else was heard belongs into the one object, too.
    const error = failure && { code: failure.code, message: failure.message };
    console.log(JSON.stringify({ ...surveyInJson(heard, listened), error }));
    if (failure) process.exitCode = 1;
    return;
  }
  for (const line of surveyInWords(heard)) console.log(line);
  if (failure) throw failure;
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() && seconds >= 0 && seconds <= LONGEST) return seconds;
  throw new InvalidArgumentError(`Give a number of seconds up to ${LONGEST}, or 0.`);
}

function nothingHeard({ others }: Survey, seconds: number): Failure {
  const isThere = (kind: OtherSender["kind"]): boolean => others.some((each) => each.kind === kind);
  const what = isThere("sync-window")
    ? ", but a token whose sync window is open; it sends beacons again a minute after that: listen again then"
    : isThere("espruino")
      ? ", but a board that shows Espruino's own name or console; flash it, or take its battery out and put it in without the button held"
      : "; see that the token is on (its button makes one green flash), lay it beside this computer, and listen again";
  return new Failure("nothing-heard", `No beacon was heard in ${seconds} s${what}.`);
}

/** The survey as one object: times in ISO 8601. */
export function surveyInJson(survey: Survey, seconds: number): object {
  const iso = (time: number): string => new Date(time).toISOString();
  const times = <T extends { first: number; last: number }>(each: T) => ({
    ...each,
    first: iso(each.first),
    last: iso(each.last),
  });
  return {
    seconds,
    senders: survey.senders.map((sender) => ({
      ...times(sender),
      address: sender.address ?? null,
      payloadBytes: sender.payloadBytes ?? null,
      interval: sender.interval ?? null,
      heardShare: sender.heardShare === undefined ? null : Number(sender.heardShare.toFixed(3)),
      longestSilence: Math.round(sender.longestSilence),
    })),
    changes: survey.changes.map((change) => ({ ...change, time: iso(change.time) })),
    others: survey.others.map((other) => ({ ...times(other), address: other.address ?? null })),
    leftOut: survey.leftOut,
  };
}

/** The survey for a person, line by line; times are this computer's. */
export function surveyInWords({ senders, changes, others, leftOut }: Survey): string[] {
  const lines = senders.flatMap((sender) => [...senderInWords(sender), ""]);
  lines.push(...changes.map(({ time, words }: Change) => `${clock(time)} ${words}`));
  lines.push(
    ...others.map(
      ({ kind, address, first, last, packets }) =>
        `${clock(first)} to ${clock(last)} ${OTHERS[kind]}, ${addressInWords(address)}, ${counted(packets)}.`,
    ),
  );
  if (leftOut) lines.push(`${counted(leftOut)} of further senders were left out.`);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

const OTHERS = {
  "sync-window": "A token's sync window",
  espruino: "Espruino's own name or console (right only for half a second after power-on)",
} as const;

function senderInWords(sender: Sender): string[] {
  const { rssi, interval, heardShare, payloadBytes, deviations } = sender;
  const share = ` (${Math.round(100 * (heardShare ?? 0))} % of them heard)`;
  const silence = `longest silence ${(sender.longestSilence / 1000).toFixed(2)} s`;
  return [
    `${addressInWords(sender.address)} (${sender.addressType}), identifier ${sender.fingerprint}`,
    `  ${clock(sender.first)} to ${clock(sender.last)}, ${counted(sender.packets)}, RSSI ${rssi.min} to ${rssi.max} dBm, median ${rssi.median}`,
    `  ${payloadBytes === undefined ? "" : `${payloadBytes} bytes, `}${sender.payloadForm}; ${sender.connectable ? "connectable" : "not connectable"}`,
    `  ${interval === undefined ? "too few packets for an interval" : `sends every ${interval} ms${share}, ${silence}`}`,
    ...(deviations.length
      ? deviations.map(({ words }) => `  ! ${words}`)
      : ["  as a token should, as far as was heard"]),
  ];
}

const addressInWords = (address: string | undefined): string => address ?? "address hidden";
const counted = (packets: number): string => `${packets} packet${packets === 1 ? "" : "s"}`;

function clock(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}
