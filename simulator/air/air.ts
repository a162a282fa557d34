/**
 * The air between the persons of a scenario: which beacons of a scan reach a token's antenna and are received, and how
 * strong.
 *
 * @module
 */
import { packetMilliseconds } from "../espruino/chip-figures.ts";
import type { AirTime, ListenedPart } from "../espruino/nrf.ts";
import type { Random } from "../random.ts";
import type { Episode } from "../scenarios/scenario.ts";
import { type Advertiser, eachEvent, eachHeardPacket } from "./advertising.ts";
import { stanceAttenuation } from "./path-loss.ts";
import {
  FADING_SPREAD,
  OUT_OF_REACH,
  type Packet,
  receptionProbability,
  withoutCollisions,
} from "./reception.ts";
import { createShadowing } from "./shadowing.ts";
import { receiverWindows } from "./windows.ts";

/** Nothing that a token or a pair has of its own helps so much, in dB. */
const LARGEST_GAIN = 30;

/** A part of a scan that is over. */
export interface Listened extends ListenedPart {
  /** When the scanner itself sent meanwhile. */
  readonly own: readonly Advertiser[];
}

/** One of which nobody knows when the senders listened. */
export interface LaboratoryScan extends Listened {
  /** Since the scanner's former scan began, in ms: others are taken to fall silent and listen as often and as long. */
  readonly since: number;
}

/** A sender for as long as what it sends does not change. */
export interface Sender extends Advertiser {
  /** Bytes of its advertising data. */
  readonly bytes: number;
}

/** A sender in reach during a scan. */
export interface Hearable extends Sender {
  /** Index of the person. */
  readonly sender: number;
  /** How receiver and sender stand to each other. */
  readonly episode: Episode;
  /** dBm. */
  readonly txPower: number;
}

/** A beacon that was received. */
export interface Arrival {
  /** When, in ms since the scan's start. */
  readonly at: number;
  /** Index into the senders given. */
  readonly sender: number;
  /** dBm, whole. */
  readonly rssi: number;
}

/** What tokens hear of each other. */
export interface Air {
  /**
   * What of a part of a scan is received, in the order of arrival. A receiver's chances are its own: they depend on its former
   * scans, not on anybody else's.
   *
   * @param seconds - scenario time of its start
   */
  scan(
    receiver: number,
    seconds: number,
    scan: LaboratoryScan,
    senders: readonly Hearable[],
  ): Arrival[];
}

/** What was on air, as a scan that began at `start` (virtual time in ms) meets it. */
export function asSender({ advertisement, from, to }: AirTime, start: number): Sender {
  const { interval, payload } = advertisement;
  return { interval, bytes: payload.length, from: from - start, to: to - start };
}

/**
 * What of a part of a scan is received, when each sender was on air as is said.
 *
 * @param means - expected RSSI of each sender in dBm, before fading; undefined is out of reach
 */
export function receivedInScan(
  chance: Random,
  listened: Listened,
  senders: readonly (Sender & Partial<Silence>)[],
  means: readonly (number | undefined)[],
): Arrival[] {
  const ownEvents: number[] = [];
  for (const each of listened.own) {
    eachEvent(chance, each, listened, (start) => ownEvents.push(start));
  }
  const windows = receiverWindows(listened, ownEvents);
  const onAir: Packet[] = [];
  for (let index = 0; index < senders.length; index++) {
    const mean = means[index];
    if (mean === undefined) continue;
    const sender = senders[index] as Sender & Partial<Silence>;
    const duration = packetMilliseconds(sender.bytes);
    const heard = (start: number): void => {
      const rssi = mean + FADING_SPREAD * chance.normal();
      onAir.push({ start, end: start + duration, sender: index, rssi });
    };
    const { silent } = sender;
    const times = silent
      ? [
          { ...sender, to: Math.min(sender.to, silent.from) },
          { ...sender, from: Math.max(sender.from, silent.to) },
        ]
      : [sender];
    for (const each of times) {
      eachHeardPacket(chance, each, listened, windows, duration, heard);
    }
  }
  onAir.sort((a, b) => a.start - b.start);
  return withoutCollisions(onAir)
    .filter(({ rssi }) => chance.uniform() < receptionProbability(rssi))
    .map(({ end, sender, rssi }) => ({ at: end, sender, rssi: Math.round(rssi) }))
    .sort((a, b) => a.at - b.at);
}

/** When a sender listened and was silent, in ms since the scan's start. */
interface Silence {
  readonly silent: { readonly from: number; readonly to: number };
}

// Any moment is as good as another for a sender's own scan; few fall into this one.
function withSilences(
  chance: Random,
  { to, since }: LaboratoryScan,
  senders: readonly Hearable[],
): readonly (Hearable & Partial<Silence>)[] {
  return senders.map((sender) => {
    if (chance.uniform() >= (2 * to) / since) return sender;
    const from = to * (2 * chance.uniform() - 1);
    return { ...sender, silent: { from, to: from + to } };
  });
}

/** Makes the air between `persons` persons. */
export function createAir(random: Random, persons: number): Air {
  const shadowing = createShadowing(random.fork("shadowing"), persons);
  const streams: (Random | undefined)[] = new Array(persons);

  return {
    scan: (receiver, seconds, scan, senders) => {
      const chance = streams[receiver] ?? random.fork(`receiver ${receiver}`);
      streams[receiver] = chance;
      const means = senders.map(({ sender, episode, txPower }) => {
        const median = txPower - stanceAttenuation(episode);
        if (median < OUT_OF_REACH - LARGEST_GAIN) return undefined;
        const mean = median - shadowing.loss(sender, receiver, seconds);
        return mean < OUT_OF_REACH ? undefined : mean;
      });
      return receivedInScan(chance, scan, withSilences(chance, scan, senders), means);
    },
  };
}
