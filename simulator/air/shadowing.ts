/**
 * What makes one pair's loss differ from another's at the same distance: devices and how they are worn, and what
 * happens to stand around and between two persons for a few minutes. Figures: docs/radio-model.md.
 *
 * @module
 */
import { mixBits, type Random } from "../random.ts";

/** Standard deviations between tokens in dB: sending, receiving, and how it is worn, which acts both ways. */
const SENDING_SPREAD = 1.5;
const RECEIVING_SPREAD = 1;
const WEARING_SPREAD = 1.5;
/** Standard deviation of a pair's slow shadowing, in dB. */
export const SHADOWING_SPREAD = 4;
/** How long it stays as it is, in seconds. */
const SHADOWING_SECONDS = 180;

/** Losses in dB beyond the median, positive or negative. */
export interface Shadowing {
  /** By the sender's token, the receiver's, and what stands around at `seconds` (scenario time). */
  loss(sender: number, receiver: number, seconds: number): number;
  /** The last part alone; the same both ways. */
  slow(a: number, b: number, seconds: number): number;
}

/** Makes the shadowing of `persons` wearers; the same for the same `random`, in whatever order it is asked. */
export function createShadowing(random: Random, persons: number): Shadowing {
  const seed = random.fork("slow").uint32();
  const devices = random.fork("devices");
  const sending = new Float64Array(persons);
  const receiving = new Float64Array(persons);
  for (let person = 0; person < persons; person++) {
    const wearing = WEARING_SPREAD * devices.normal();
    sending[person] = wearing + SENDING_SPREAD * devices.normal();
    receiving[person] = wearing + RECEIVING_SPREAD * devices.normal();
  }

  function slow(a: number, b: number, seconds: number): number {
    const pair = mix(mix(seed ^ Math.min(a, b)) ^ Math.max(a, b));
    // Pairs change at different times.
    const phase = pair / 0x1_0000_0000;
    const block = Math.floor(seconds / SHADOWING_SECONDS + phase);
    const first = mix(pair ^ block);
    return SHADOWING_SPREAD * normal(first, mix(first ^ 0x9e3779b9));
  }

  return {
    slow,
    loss: (sender, receiver, seconds) =>
      sending[sender]! + receiving[receiver]! + slow(sender, receiver, seconds),
  };
}

// After a step, because the first persons and blocks are 0, which mixing leaves as it is.
function mix(value: number): number {
  return mixBits(value + 0x6d2b79f5);
}

// Box-Muller on two words of 32 bits, unsigned.
function normal(a: number, b: number): number {
  const radius = Math.sqrt(-2 * Math.log((a + 0.5) / 0x1_0000_0000));
  return radius * Math.cos((2 * Math.PI * b) / 0x1_0000_0000);
}
