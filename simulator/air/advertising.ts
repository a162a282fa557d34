/**
 * When an advertiser's packets meet a scanner's ear (Bluetooth Core 5.3, Vol 6, Part B, 4.4.2 and 4.4.3).
 *
 * @module
 */
import { CHANNEL_SPACING_MS, CHANNELS } from "../espruino/chip-figures.ts";
import type { ListenedPart } from "../espruino/nrf.ts";
import type { Random } from "../random.ts";
import type { Window } from "./windows.ts";

/** The greatest random delay that each event adds to the interval, in ms (advDelay). */
const MAX_DELAY = 10;
const LAST_CHANNEL = (CHANNELS - 1) * CHANNEL_SPACING_MS;
/** When an advertiser began so long before a scan, in ms, its phase is anybody's guess. */
const LONG_AGO = 2000;

/** An advertiser as a scan meets it, in ms since the scan's start. */
export interface Advertiser {
  /** Between its events, without the random delay. */
  readonly interval: number;
  /** When it began and when it ends; its first event comes at once, but for the random delay. */
  readonly from: number;
  readonly to: number;
}

/** Calls `happens` with the start (ms since the scan's start) of each of an advertiser's events that may reach into a part of a scan. */
export function eachEvent(
  random: Random,
  { interval, from, to }: Advertiser,
  part: Pick<ListenedPart, "from" | "to">,
  happens: (start: number) => void,
): void {
  const begin = part.from - LAST_CHANNEL;
  const end = Math.min(to, part.to);
  let event =
    from > part.from - LONG_AGO
      ? from + MAX_DELAY * random.uniform()
      : begin + random.uniform() * (interval + MAX_DELAY / 2);
  for (; event < end; event += interval + MAX_DELAY * random.uniform()) {
    if (event >= begin) happens(event);
  }
}

/**
 * Calls `heard` with the start (ms since the scan's start) of each packet of one advertiser that lies wholly in a
 * window on its channel.
 *
 * @param windows - of that part, one for each interval of the scan
 * @param packet - how long it is on the air, in ms
 */
export function eachHeardPacket(
  random: Random,
  advertiser: Advertiser,
  part: ListenedPart,
  windows: readonly (Window | undefined)[],
  packet: number,
  heard: (start: number) => void,
): void {
  eachEvent(random, advertiser, part, (event) => {
    for (let channel = 0; channel < CHANNELS; channel++) {
      const start = event + channel * CHANNEL_SPACING_MS;
      // The scanner takes one channel in each of its intervals, in turn.
      const turn = Math.floor(start / part.parameters.interval);
      if (turn < 0 || turn % CHANNELS !== channel) continue;
      const window = windows[turn];
      if (window && start >= window.from && start + packet <= window.to) heard(start);
    }
  });
}
