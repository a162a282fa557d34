/**
 * The air between the persons of a scenario: which beacons of a scan reach a token's firmware, and how strong.
 *
 * @module
 */
import type { ScanParameters } from "../espruino/nrf.ts";
import type { Random } from "../random.ts";
import type { Episode } from "../scenarios/scenario.ts";
import { eachHeardPacket, PACKET_MS } from "./advertising.ts";
import { stanceAttenuation } from "./path-loss.ts";
import { queued } from "./queue.ts";
import {
  FADING_SPREAD,
  OUT_OF_REACH,
  type Packet,
  receptionProbability,
  withoutCollisions,
} from "./reception.ts";
import { createShadowing } from "./shadowing.ts";

/** Nothing that a token or a pair has of its own helps so much, in dB. */
const LARGEST_GAIN = 30;

/** A sender in reach during a scan. */
export interface Hearable {
  /** Index of the person. */
  readonly sender: number;
  /** How receiver and sender stand to each other. */
  readonly episode: Episode;
  /** Advertising interval in ms, without the random delay. */
  readonly interval: number;
  /** dBm. */
  readonly txPower: number;
}

/** A beacon that reaches the firmware. */
export interface Arrival {
  /** When it was received, in ms since the scan's start. */
  readonly at: number;
  /** Index into the senders given. */
  readonly sender: number;
  /** dBm, whole. */
  readonly rssi: number;
}

/** What tokens hear of each other. */
export interface Air {
  /**
   * What of a scan reaches the firmware, in the order of arrival. A receiver's chances are its own: they depend on its
   * former scans, not on anybody else's.
   *
   * @param seconds - scenario time of its start
   * @param milliseconds - how long it lasted
   */
  scan(
    receiver: number,
    seconds: number,
    milliseconds: number,
    parameters: ScanParameters,
    senders: readonly Hearable[],
  ): Arrival[];
}

/** Makes the air between `persons` persons. */
export function createAir(random: Random, persons: number): Air {
  const shadowing = createShadowing(random.fork("shadowing"), persons);
  const streams: (Random | undefined)[] = new Array(persons);

  return {
    scan: (receiver, seconds, milliseconds, parameters, senders) => {
      const chance = streams[receiver] ?? random.fork(`receiver ${receiver}`);
      streams[receiver] = chance;
      const onAir: Packet[] = [];
      for (let index = 0; index < senders.length; index++) {
        const { sender, episode, interval, txPower } = senders[index]!;
        const median = txPower - stanceAttenuation(episode);
        if (median < OUT_OF_REACH - LARGEST_GAIN) continue;
        const mean = median - shadowing.loss(sender, receiver, seconds);
        if (mean < OUT_OF_REACH) continue;
        eachHeardPacket(chance, interval, milliseconds, parameters, (start) => {
          onAir.push({ start, sender: index, rssi: mean + FADING_SPREAD * chance.normal() });
        });
      }
      onAir.sort((a, b) => a.start - b.start);
      const received = withoutCollisions(onAir, PACKET_MS).filter(
        ({ rssi }) => chance.uniform() < receptionProbability(rssi),
      );
      const reach = queued(received.map(({ start }) => start + PACKET_MS));
      return received
        .filter((_, index) => reach[index])
        .map(({ start, sender, rssi }) => ({
          at: start + PACKET_MS,
          sender,
          rssi: Math.round(rssi),
        }));
    },
  };
}
