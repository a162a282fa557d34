/**
 * When an advertiser's packets meet a scanner's ear (Bluetooth Core 5.3, Vol 6, Part B, 4.4.2 and 4.4.3).
 *
 * @module
 */
import type { ScanParameters } from "../espruino/nrf.ts";
import type { Random } from "../random.ts";

/** How long a beacon of 31 bytes is on the air at 1 Mbit/s, in ms: 47 bytes with preamble, addresses and checksum. */
export const PACKET_MS = 0.376;
/** From the start of the packet on one channel to that on the next, in ms: the packet and the time to change channel. */
const CHANNEL_SPACING = PACKET_MS + 0.15;
/** Channels 37, 38 and 39. */
const CHANNELS = 3;
/** The greatest random delay that each event adds to the interval, in ms (advDelay). */
const MAX_DELAY = 10;

/**
 * Calls `heard` with the start (ms since the scan's start) of each packet of one advertiser that lies wholly in a
 * window on its channel. Each scan meets the advertiser at any point of its interval.
 *
 * @param interval - of the advertiser, in ms
 * @param milliseconds - how long the scan lasts
 */
export function eachHeardPacket(
  random: Random,
  interval: number,
  milliseconds: number,
  parameters: ScanParameters,
  heard: (start: number) => void,
): void {
  const lastChannel = (CHANNELS - 1) * CHANNEL_SPACING;
  let event = random.uniform() * (interval + MAX_DELAY / 2) - lastChannel;
  while (event < milliseconds) {
    for (let channel = 0; channel < CHANNELS; channel++) {
      const start = event + channel * CHANNEL_SPACING;
      if (start < 0 || start + PACKET_MS > milliseconds) continue;
      // The scanner takes one channel in each of its intervals, in turn.
      const turn = Math.floor(start / parameters.interval);
      if (turn % CHANNELS !== channel) continue;
      if (start - turn * parameters.interval + PACKET_MS <= parameters.window) heard(start);
    }
    event += interval + MAX_DELAY * random.uniform();
  }
}
