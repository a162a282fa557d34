import { createHash } from "node:crypto";
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import { packEncounter, packMark } from "../../../protocol/encounter-record.ts";
import { INTERVALS_PER_DAY, intervalAt } from "../../../protocol/intervals.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../../protocol/key-schedule.ts";
import type { EnergyAccount } from "../../../simulator/energy/account.ts";
import type { TokenOutcome } from "../../../simulator/run/outcome.ts";

const ACCOUNT: EnergyAccount = {
  advertising: 0.5,
  scanning: 0.25,
  cpu: 0.125,
  flash: 0,
  signals: 0,
  sync: 0,
  sleep: 0.125,
};

/** Monday, 2026-06-01, 00:00 UTC, and its interval. */
export const START = Date.UTC(2026, 5, 1) / 1000;
export const FIRST = intervalAt(START);

/** What one wearer's token has heard of another's. */
export interface Heard {
  readonly other: number;
  /** Intervals since the start. */
  readonly at: number;
  readonly minutes?: number;
  /** In dBm. */
  readonly mean?: number;
  readonly best?: number;
}

const METADATA = Uint8Array.of(0x40, 0, 0, 0);

function keyOf(person: number, day: number): Uint8Array {
  return createHash("md5").update(`${person} ${day}`).digest();
}

function identifierOf(person: number, interval: number): Uint8Array {
  const key = keyOf(person, Math.floor((interval - FIRST) / INTERVALS_PER_DAY));
  const rpi = deriveRpi(nodePrimitives, hkdf16(nodePrimitives, key, RPIK_INFO), interval);
  const aem = cryptMetadata(nodePrimitives, hkdf16(nodePrimitives, key, AEMK_INFO), rpi, METADATA);
  return Buffer.concat([rpi.subarray(0, 7), aem.subarray(0, 2)]);
}

/** A log as a token would write it, with a time mark before each record. */
export function writeLog(heard: readonly Heard[]): Uint8Array {
  return Buffer.concat(
    heard.flatMap(({ other, at, minutes = 5, mean = -60, best = mean }) => [
      packMark(FIRST + at, 1, 0),
      packEncounter(identifierOf(other, FIRST + at), 0, minutes, mean, best),
    ]),
  );
}

/** A token that was written by hand. */
export function writtenToken(
  person: number,
  heard: readonly Heard[],
  days = 1,
  changes: Partial<TokenOutcome> = {},
): TokenOutcome {
  return {
    person,
    log: writeLog(heard),
    wasFull: false,
    keys: Array.from({ length: days }, (_, day) => ({
      key: keyOf(person, day),
      rollingStart: FIRST + day * INTERVALS_PER_DAY,
      rollingPeriod: INTERVALS_PER_DAY,
    })),
    energy: {
      published: ACCOUNT,
      chip: { ...ACCOUNT, advertising: 0.375, sleep: 0 },
    },
    seconds: days * 86_400,
    fill: [],
    heardMinutes: [],
    ...changes,
  };
}
