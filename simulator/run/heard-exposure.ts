/**
 * How much exposure the scans of a token have heard, whatever its log makes of it.
 *
 * It counts as the firmware does, so that a log which lost nothing holds the same but for rounding to minutes: see
 * `firmware/scanner.ts` for what a scan stands for and when a batch is written, `firmware/neighbours.ts` for what is
 * written of a neighbour. What comes after that (refusing, merging, a full log) is what it is held against.
 *
 * @module
 */
import { decodeLog } from "../../protocol/encounter-log.ts";
import { IDENTIFIER_BYTES, packEncounter, packMark } from "../../protocol/encounter-record.ts";
import { weightOfBest } from "../findings/kept.ts";
import { MINUTE } from "../scenarios/days.ts";
import type { ScanHeard } from "./hearing.ts";

/** Longer than any time between scans: behind a longer gap the token was at a desk, or off. */
const LONGEST_GAP = 15 * MINUTE;
/** What a scan stands for that has none before and none after it. */
const LONE_SCAN = 4 * MINUTE;
/** So long after its first sighting the firmware writes a batch. */
const BATCH = 290;
/** An identifier lives for 20 minutes: so long after its first batch nobody sends it any more. */
const GONE = 25 * MINUTE;

/** An identifier in the batch that is being heard. */
interface Sighting {
  heardAt: number;
  packets: number;
  sum: number;
  best: number;
  seconds: number;
}

/** An identifier over all batches. */
interface Stay {
  readonly since: number;
  readonly day: number;
  seconds: number;
  best: number;
}

/** Of one token. Keeps only who was heard in the last half an hour, and a sum for each day. */
export class HeardExposure {
  readonly #today: () => number;
  // Both in the order in which identifiers were heard first.
  readonly #batch = new Map<number, Sighting>();
  readonly #stays = new Map<number, Stay>();
  #last = Number.NEGATIVE_INFINITY;
  #gap = Number.POSITIVE_INFINITY;
  #batchSince = Number.NEGATIVE_INFINITY;
  #batchDay = 0;
  readonly #minutes = new Map<number, number>();

  /** @param today - the day that it is by the token's clock, by which its records go */
  constructor(today: () => number) {
    this.#today = today;
  }

  /** A scan has ended; scans come in order. */
  scanned({ to, arrivals }: Pick<ScanHeard, "to" | "arrivals">): void {
    const gap = to - this.#last;
    if (this.#batch.size > 0) {
      this.#credit(gap);
      if (to >= this.#batchSince + BATCH) this.#closeBatch();
    }
    this.#last = to;
    this.#gap = gap;
    if (arrivals.length === 0) return;
    if (this.#batch.size === 0) {
      this.#batchSince = to;
      this.#batchDay = this.#today();
    }
    for (const { identifier, rssi } of arrivals) {
      const sighting = this.#batch.get(identifier);
      if (sighting) {
        sighting.heardAt = to;
        sighting.packets++;
        sighting.sum += rssi;
        sighting.best = Math.max(sighting.best, rssi);
      } else {
        const begun = { heardAt: to, packets: 1, sum: rssi, best: rssi, seconds: 0 };
        this.#batch.set(identifier, begun);
      }
    }
  }

  /**
   * The token goes to a desk, where it writes down what it has heard.
   *
   * @returns minutes of exposure heard so far, weighted as in the risk model, for each of the first `days` days: an identifier
   * counts for the one in which it was heard first
   */
  end(days: number): number[] {
    // How long it would have been until the next scan, nobody knows: as long as since the one before.
    this.#credit(Number.POSITIVE_INFINITY);
    this.#last = Number.NEGATIVE_INFINITY;
    this.#closeBatch();
    this.#forgetUntil(Number.POSITIVE_INFINITY);
    return Array.from({ length: days }, (_, day) => this.#minutes.get(day) ?? 0);
  }

  // Whoever the last scan heard was near for half of the time since the one before, and for half of the time until the next.
  #credit(after: number): void {
    const gaps = [this.#gap, after].filter((gap) => gap < LONGEST_GAP);
    const span = gaps.length ? gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length : LONE_SCAN;
    for (const sighting of this.#batch.values()) {
      if (sighting.heardAt === this.#last) sighting.seconds += span;
    }
  }

  #closeBatch(): void {
    for (const [identifier, { packets, sum, best, seconds }] of this.#batch) {
      const recorded = recordedBest(Math.round(sum / packets), best);
      const stay = this.#stays.get(identifier);
      if (stay) {
        stay.seconds += seconds;
        stay.best = Math.max(stay.best, recorded);
      } else {
        const [since, day] = [this.#batchSince, this.#batchDay];
        this.#stays.set(identifier, { since, day, seconds, best: recorded });
      }
    }
    this.#batch.clear();
    this.#forgetUntil(this.#last - GONE);
  }

  #forgetUntil(time: number): void {
    for (const [identifier, { since, day, seconds, best }] of this.#stays) {
      if (since > time) break;
      const minutes = (seconds / MINUTE) * weightOfBest(best);
      this.#minutes.set(day, (this.#minutes.get(day) ?? 0) + minutes);
      this.#stays.delete(identifier);
    }
  }
}

// The strongest of some packets, in dBm, as a record has it.
function recordedBest(mean: number, best: number): number {
  const record = packEncounter(new Uint8Array(IDENTIFIER_BYTES), 0, 1, mean, best);
  const [encounter] = decodeLog(Buffer.concat([packMark(0, 0, 0), record]));
  return encounter!.bestRssi;
}
