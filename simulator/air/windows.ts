/**
 * When a scanner's receiver is on, on an nRF52832 under S132.
 *
 * @module
 */
import { OWN_EVENT_MS, WINDOW_GAP_MS } from "../espruino/chip-figures.ts";
import type { ListenedPart, ScanParameters } from "../espruino/nrf.ts";

/** A time in which the receiver is on, in ms since the scan's start. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * The windows of a part of a scan, in the order of its intervals, which take the three channels in turn. One that meets an
 * advertising event of the scanner's own is dropped whole.
 *
 * @param ownEvents - when its own events begin, in ms since the scan's start, in order
 * @returns by interval since the scan's start
 */
export function receiverWindows(
  { from, to, parameters: { window, interval } }: ListenedPart,
  ownEvents: readonly number[] = [],
): (Window | undefined)[] {
  const windows: (Window | undefined)[] = [];
  let next = 0;
  for (let start = 0; start < to; start += interval) {
    const end = start + window;
    while (next < ownEvents.length && (ownEvents[next] as number) + OWN_EVENT_MS <= start) next++;
    const isDropped = next < ownEvents.length && (ownEvents[next] as number) < end;
    const isOn = !isDropped && window > WINDOW_GAP_MS;
    windows.push(
      isOn ? { from: Math.max(from, start + WINDOW_GAP_MS), to: Math.min(end, to) } : undefined,
    );
  }
  return windows;
}

/**
 * The share of a long scan in which the receiver is on, on the mean.
 *
 * @param ownInterval - mean time between own advertising events in ms; without any it is silent
 */
export function receiverShare({ window, interval }: ScanParameters, ownInterval?: number): number {
  const met = ownInterval === undefined ? 0 : Math.min(1, (window + OWN_EVENT_MS) / ownInterval);
  return (Math.max(0, window - WINDOW_GAP_MS) / interval) * (1 - met);
}
