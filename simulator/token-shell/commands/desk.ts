/**
 * Visits to a desk: `desk`.
 *
 * @module
 */
import { publishedKeys } from "../../../companion/exports/published-keys.ts";
import { dateOfDay } from "../../../companion/risk/date-of-day.ts";
import type { TokenClient, TokenStatus } from "../../../companion/token/token-client.ts";
import { acknowledgeVisit } from "../../../companion/visit/acknowledge-visit.ts";
import { checkVisit } from "../../../companion/visit/check-visit.ts";
import { enrolVisit } from "../../../companion/visit/enrol-visit.ts";
import { correctTimes } from "../../../companion/visit/log-times.ts";
import { decodeLog } from "../../../protocol/encounter-log.ts";
import { dayOf, intervalAt } from "../../../protocol/intervals.ts";
import { counted, dateAndTime } from "../style.ts";
import { logTable } from "../views/log-table.ts";
import { choiceOf, ShellError } from "../words.ts";
import type { Command, Session } from "./command.ts";
import { neighbourOf } from "./neighbour.ts";

/** What a positive test is published as. */
const CONFIRMED_TEST = 1;
/** As servers of this country have it. */
const MEDIUM_RISK = 4;

const LEVELS = ["none", "low", "high"];

type Visit = (session: Session, client: TokenClient) => Promise<void>;

const VISITS = {
  enrol: async ({ bench, print }, client) => {
    await enrolVisit(client, () => bench.world.now);
    print("Enrolled: the clock is set, contact detection is on.");
  },
  status: async (session, client) => {
    for (const line of inWords(await client.status(), session.bench.world.now)) session.print(line);
  },
  log: async ({ bench, print, paint }, client) => {
    const status = await client.status();
    const seen = bench.world.now;
    const log = decodeLog(await client.readLog(undefined, status));
    for (const line of logTable(correctTimes(log, status, seen), bench.neighbours, paint)) {
      print(line);
    }
  },
  sync: async ({ bench, print }, client) => {
    const result = await checkVisit(client, bench.published, () => bench.world.now);
    const keys = bench.published.reduce((sum, { length }) => sum + length, 0);
    print(
      `${counted(result.encounters, "record")} compared with ${counted(keys, "published key")}: risk ${result.risk.level}.`,
    );
    for (const { day, level, minutes, attenuationDb } of result.risk.days) {
      print(`${dateOfDay(day)}: risk ${level}, ${minutes} min, ${attenuationDb} dB`);
    }
    for (const { message } of result.warnings) print(message);
  },
  told: async ({ print }, client) => {
    await acknowledgeVisit(client);
    print("The wearer knows; the token need not remind any more.");
  },
  pause: async ({ print }, client) => {
    await client.setState("paused", false);
    print("Contact detection is paused.");
  },
  resume: async ({ print }, client) => {
    await client.setState("on", false);
    print("Contact detection is on.");
  },
  erase: async ({ print }, client) => {
    await client.erase();
    print("Keys, log and status are erased; contact detection is off.");
  },
} satisfies Record<string, Visit>;

const WORDS = [...(Object.keys(VISITS) as (keyof typeof VISITS)[]), "share"] as const;

/** Brings the token, or a neighbour, to a desk. */
export const desk: Command = {
  name: "desk",
  short: ["d"],
  usage: ["desk enrol|status|log|sync|told|pause|resume|erase", "desk share [NAME]"],
  summary: "hold the button and serve the token at a desk",
  more: [
    "enrol   first visit: sets the clock, switches contact detection on",
    "status  what the token says of itself",
    "log     reads the log: when, how long, how near",
    "sync    sets the clock, checks the log against shared keys, writes the result",
    "told    the wearer has been told of an exposure",
    "pause, resume, erase",
    "share   publishes the keys of a neighbour (or the token's own), as after a test",
    "A visit takes a minute: it is over when the sync window has closed.",
  ],
  next: ({ bench }, words) =>
    words.length === 0
      ? WORDS
      : words[0] === "share"
        ? bench.neighbours.all.map(({ name }) => name)
        : [],
  run: async (session, [word, name]) => {
    const { bench } = session;
    const kind = choiceOf(word, WORDS);
    if (kind !== "share") {
      await bench.visit((client) => VISITS[kind](session, client));
    } else if (name === undefined) {
      await bench.visit((client) => share(session, client));
    } else {
      const neighbour = neighbourOf(session, name);
      await bench.visitOf(neighbour, (client) => share(session, client));
    }
  },
};

async function share({ bench, print }: Session, client: TokenClient): Promise<void> {
  const { state } = await client.status();
  await client.setClock(() => bench.world.now);
  await client.setState(state, true);
  const keys = await client.readKeys();
  await client.setState(state, false);
  if (!keys.length) throw new ShellError("There is no key to share: it was never on air.");
  const today = dayOf(intervalAt(bench.world.now));
  bench.published.push(
    publishedKeys(
      keys.map((key) => ({
        ...key,
        transmissionRiskLevel: MEDIUM_RISK,
        reportType: CONFIRMED_TEST,
        daysSinceOnsetOfSymptoms: dayOf(key.rollingStartIntervalNumber) - today,
      })),
    ),
  );
  print(`${counted(keys.length, "key")} shared, today's cut short.`);
}

function inWords(status: TokenStatus, now: number): string[] {
  const { exposure } = status;
  const error = status.time - Math.floor(now);
  const clock = !status.lastInterval
    ? "never set"
    : `${dateAndTime(status.time)} UTC, ${error < 0 ? `${-error} s slow` : `${error} s fast`}${status.clockDoubtful ? ", guessed" : ""}`;
  return [
    `Contact detection  ${status.state}`,
    `Clock              ${clock}`,
    `Clock epoch        ${status.clockEpoch}`,
    `Battery            ${status.battery} %${status.batteryLow ? ", low" : ""}`,
    ...(status.restarts ? [`Restarts           ${status.restarts}, because it hung`] : []),
    ...(status.failures
      ? [`Failures           ${status.failures}, of radio and flash since it was started`]
      : []),
    `Log                positions ${status.logStart} to ${status.logEnd}${status.logFull ? ", something was left out" : ""}`,
    `Exposure           ${exposure.level ? `${LEVELS[exposure.level]}, ${dateOfDay(exposure.day)}, ${exposure.minutes} min${exposure.acknowledged ? ", the wearer knows" : ""}` : "none"}`,
  ];
}
