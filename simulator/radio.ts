/**
 * How strong a beacon arrives: log-distance path loss, walls, shadowing for each pair of wearers, fading for
 * each packet.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** Loss at 1 m in dB, with the token worn: free space at 2.44 GHz (40) and small antennas (18). */
const LOSS_AT_ONE_METRE = 58;
/** Path loss exponent indoors, line of sight. */
const EXPONENT = 2;
/** Loss of an interior wall in dB. */
const WALL_LOSS = 12;
/** Standard deviation of shadowing by bodies, the same for a pair throughout, in dB. */
const SHADOWING = 3;
/** Standard deviation of fading from packet to packet, in dB. */
const FADING = 4;
/** RSSI at which half of the packets are lost (nRF52832 data sheet: sensitivity -96 dBm). */
const SENSITIVITY = -96;
/** Width of the transition from all to no packets, in dB. */
const SENSITIVITY_WIDTH = 2;
/** Packets lost to collisions and channel changes however strong they are. */
const BASE_LOSS = 0.05;
/** Below this mean RSSI nothing is ever received, so that distant pairs cost nothing. */
const OUT_OF_RANGE = SENSITIVITY - 20;

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
      value = SHADOWING * random.fork(pair).normal();
      shadowing.set(pair, value);
    }
    return value;
  }

  return {
    meanRssi: (sender, from, receiver, to, txPower) => {
      if (from.site !== to.site) return undefined;
      const distance = Math.max(0.1, Math.hypot(from.x - to.x, from.y - to.y));
      const wall = from.room === to.room ? 0 : WALL_LOSS;
      const loss = LOSS_AT_ONE_METRE + 10 * EXPONENT * Math.log10(distance) + wall;
      const rssi = txPower - loss - shadow(sender, receiver);
      return rssi < OUT_OF_RANGE ? undefined : rssi;
    },
    packetRssi: (mean) => {
      const rssi = mean + FADING * packets.normal();
      const received = (1 - BASE_LOSS) / (1 + Math.exp((SENSITIVITY - rssi) / SENSITIVITY_WIDTH));
      return packets.uniform() < received ? Math.round(rssi) : undefined;
    },
  };
}
