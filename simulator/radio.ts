/**
 * How strong a beacon arrives between wearers at places, who face each other: the laboratory's path loss and reception
 * (`air/`), with shadowing that stays the same for a pair throughout.
 *
 * @module
 */
import { stanceAttenuation } from "./air/path-loss.ts";
import { FADING_SPREAD, OUT_OF_REACH, receptionProbability } from "./air/reception.ts";
import { SHADOWING_SPREAD } from "./air/shadowing.ts";
import type { Random } from "./random.ts";

/** Where a wearer is. Only wearers at the same site can hear each other. */
export interface Place {
  /** A building or meeting. */
  readonly site: string;
  /** A room of it; different rooms have a wall between them. */
  readonly room: string;
  /** Position in metres. */
  readonly x: number;
  readonly y: number;
}

/** The link from one wearer to another. */
export interface Radio {
  /** Mean RSSI in dBm of what `sender` sends with `txPower` dBm, or undefined when out of range. */
  meanRssi(
    sender: string,
    from: Place,
    receiver: string,
    to: Place,
    txPower: number,
  ): number | undefined;
  /** RSSI of one packet in dBm, or undefined when it is lost. */
  packetRssi(mean: number): number | undefined;
}

/** Makes a radio whose chances come from `random`. */
export function createRadio(random: Random): Radio {
  const shadowing = new Map<string, number>();
  const packets = random.fork("packets");

  function shadow(a: string, b: string): number {
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    let value = shadowing.get(pair);
    if (value === undefined) {
      value = SHADOWING_SPREAD * random.fork(pair).normal();
      shadowing.set(pair, value);
    }
    return value;
  }

  return {
    meanRssi: (sender, from, receiver, to, txPower) => {
      if (from.site !== to.site) return undefined;
      const loss = stanceAttenuation({
        metres: Math.hypot(from.x - to.x, from.y - to.y),
        offA: 0,
        offB: 0,
        walls: from.room === to.room ? 0 : 1,
      });
      const rssi = txPower - loss - shadow(sender, receiver);
      return rssi < OUT_OF_REACH ? undefined : rssi;
    },
    packetRssi: (mean) => {
      const rssi = mean + FADING_SPREAD * packets.normal();
      return packets.uniform() < receptionProbability(rssi) ? Math.round(rssi) : undefined;
    },
  };
}
