/**
 * Published measurements of Bluetooth signal strength at known distance and orientation, read from a checkout.
 *
 * @module
 */
import { existsSync, statSync } from "node:fs";
import { Failure } from "../../companion/failure.ts";
import { isRangeAngle, readRangeAngle } from "./range-angle.ts";
import { isRssSmartphone, readRssSmartphone } from "./rss-smartphone.ts";

/** What one device heard of another while nothing was moved on purpose. */
export interface Recording {
  /** The two devices, in one direction; recordings of one pair share whatever loss the devices have of their own. */
  readonly pair: string;
  /** Where and when; what stands around, and so the slow shadowing, is the same in recordings with the same place. */
  readonly place: string;
  readonly metres: number;
  /** Degrees off the front of its carrier at which the sender's device sees the receiver, 0 to 180. */
  readonly offSender: number;
  /** The same for the receiver's. */
  readonly offReceiver: number;
  /** dBm, packet by packet. */
  readonly rssi: readonly number[];
}

/** A data set. */
export interface PublishedSet {
  readonly title: string;
  readonly source: string;
  readonly recordings: readonly Recording[];
}

/**
 * Reads the data set whose checkout lies at `path`.
 *
 * @throws Failure when there is none, or none that is known
 */
export function readPublished(path: string): PublishedSet {
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw new Failure("no-directory", `There is no directory ${path}; give that of a checkout.`);
  }
  const set = isRssSmartphone(path)
    ? readRssSmartphone(path)
    : isRangeAngle(path)
      ? readRangeAngle(path)
      : undefined;
  if (!set) {
    throw new Failure(
      "unknown-data-set",
      `${path} is no data set that can be read; give a checkout of pc-ng/rss_smartphone or mkrangle/MITRE-Range-Angle-Structured.`,
    );
  }
  if (set.recordings.length === 0) {
    throw new Failure("empty-data-set", `${path} holds no measurement; get the data set anew.`);
  }
  return set;
}
