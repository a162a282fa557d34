/**
 * Whether a packet that is on the air while the receiver listens is received. Figures: docs/radio-model.md.
 *
 * @module
 */

/** Standard deviation from packet to packet, in dB. */
export const FADING_SPREAD = 3.6;
/** RSSI at which half of the packets are lost, in dBm (nRF52832 product specification: sensitivity). */
export const SENSITIVITY = -96;
/** Width of the step from none to all packets, in dB. */
const SENSITIVITY_WIDTH = 1;
/** Share of packets lost to other traffic, however strong they are (an assumption). */
export const BACKGROUND_LOSS = 0.05;
/** A packet survives another one at the same time if it is stronger by this many dB (an assumption). */
export const CAPTURE_MARGIN = 6;

/** Below this expected RSSI in dBm, before fading, nothing is received. */
export const OUT_OF_REACH = SENSITIVITY - 5 * FADING_SPREAD;

/** The chance that a packet of `rssi` dBm that no other token's disturbs is received. */
export function receptionProbability(rssi: number): number {
  return (1 - BACKGROUND_LOSS) / (1 + Math.exp((SENSITIVITY - rssi) / SENSITIVITY_WIDTH));
}

/** A packet on the channel that is listened to. */
export interface Packet {
  /** When it begins and ends, in ms since the scan's start. */
  readonly start: number;
  readonly end: number;
  /** Index of its sender. */
  readonly sender: number;
  /** dBm. */
  readonly rssi: number;
}

/**
 * Leaves out the packets that collide: those that overlap others without being stronger by the capture margin.
 *
 * @param packets - sorted by start
 */
export function withoutCollisions(packets: readonly Packet[]): Packet[] {
  const lost = new Set<Packet>();
  packets.forEach((packet, index) => {
    for (let next = index + 1; next < packets.length; next++) {
      const other = packets[next]!;
      if (other.start >= packet.end) break;
      if (packet.rssi < other.rssi + CAPTURE_MARGIN) lost.add(packet);
      if (other.rssi < packet.rssi + CAPTURE_MARGIN) lost.add(other);
    }
  });
  return lost.size === 0 ? [...packets] : packets.filter((packet) => !lost.has(packet));
}
