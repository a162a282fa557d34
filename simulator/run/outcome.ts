/**
 * What is left of a run: plain data, which crosses from worker threads.
 *
 * @module
 */
import type { EnergyAccounts } from "../energy/account.ts";

/** A published key, as a desk would upload it. */
export interface OwnKey {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** First interval number (ENIN) and how many it is valid for, 1 to 144. */
  readonly rollingStart: number;
  readonly rollingPeriod: number;
}

/** Something that a token did, for the timeline of its day. */
export interface TokenEvent {
  /** Seconds since the scenario's start. */
  readonly from: number;
  /** The same as `from` for what takes no time. */
  readonly to: number;
  readonly what: "scan" | "rotation" | "flash" | "light";
  /** Of a scan: beacons that reached the firmware, and the strongest in dBm (0 when there was none). */
  readonly beacons?: number;
  readonly strongest?: number;
}

/** One token after a run. */
export interface TokenOutcome {
  /** Index in the scenario. */
  readonly person: number;
  /** The log's records, as a desk reads them through the sync service; whole slots of 12 bytes. */
  readonly log: Uint8Array;
  /** Whether the log had to leave something out. */
  readonly wasFull: boolean;
  /**
   * What it publishes with consent after the last hour, as far as it keeps keys: of the eve, on which it was handed out, and of each day
   * until then. The last one ends with its reading.
   */
  readonly keys: readonly OwnKey[];
  /** mAh by cause, over the whole run, by each account. */
  readonly energy: EnergyAccounts;
  /** Seconds that `energy` stands for. */
  readonly seconds: number;
  /** Slots of the log in use at each midnight, from the end of day 0 on. */
  readonly fill: readonly number[];
  /** Exposure minutes (risk-weighted) that its scans heard on each whole day, whether it could log them or not. */
  readonly heardMinutes: readonly number[];
  /** What it did on the scenario's busiest day; only of one token. */
  readonly events?: readonly TokenEvent[];
}

/** One seed's run, or as much of it as there was time for. */
export interface RunOutcome {
  readonly seed: string;
  /** Days lived through; fewer than the scenario's when the run was interrupted. */
  readonly days: number;
  readonly tokens: readonly TokenOutcome[];
}
