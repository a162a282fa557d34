/**
 * What a Puck.js's chip does, in figures: Espruino 2v29 on S132 3.1.0 on the emulated nRF52832 (`docs/chip.md`). The models
 * of the air and of the charge take theirs from here, and `test/chip` holds these to the chip's, within a tenth.
 *
 * @module
 */

/** Bytes around an advertising payload: preamble, access address, header, address and checksum. */
const BYTES_AROUND = 1 + 4 + 2 + 6 + 3;

/** How long an advertisement of so many bytes is on the air on one channel, in ms: a byte takes 8 µs at 1 Mbit/s. */
export function packetMilliseconds(payloadBytes: number): number {
  return (BYTES_AROUND + payloadBytes) * 0.008;
}

/** Channels that an advertiser uses in turn: 37, 38 and 39. */
export const CHANNELS = 3;
/** From the start of a packet on one channel to its start on the next, in ms. */
export const CHANNEL_SPACING_MS = 0.8;
/** How long the radio runs before it sends or listens, in ms (default ramp-up, nRF52832 Product Specification 1.1, "RADIO"). */
export const RAMP_UP_MS = 0.14;

/**
 * How long the receiver is off at the beginning of each window of a scan, in ms: of 290 ms without own advertising it is
 * on for 286 in three windows, and for 197 in windows of 4 ms.
 */
export const WINDOW_GAP_MS = 1.2;
/** A window is dropped whole when it meets the time from an own event's first packet to its end, in ms. */
export const OWN_EVENT_MS = 2 * CHANNEL_SPACING_MS + packetMilliseconds(31);

/** How long JavaScript takes for an advertisement that is no beacon, and for a neighbour's, in ms of the processor. */
export const FOREIGN_MS = 3.1;
export const BEACON_MS = 8.9;

/** How long the SoftDevice computes for an advertising event, in ms; good to a factor of two, as all times of the processor. */
export const EVENT_CPU_MS = 0.344;
/** How long the receiver waits for an answer to a packet that can be answered, on each channel, in ms (an estimate). */
export const ANSWER_MS = 0.3;
