/**
 * Lets a simulated world keep pace with the wall clock.
 *
 * @module
 */
import type { World } from "../world.ts";

const TICK = 4;

/**
 * Runs a world in real time.
 *
 * @param onTick - called after each step, every few milliseconds
 * @returns stops it
 */
export function runInRealTime(world: World, onTick: () => void): () => void {
  const began = performance.now();
  const start = world.timeline.now;
  const timer = setInterval(() => {
    world.timeline.runUntil(start + performance.now() - began);
    onTick();
  }, TICK);
  return () => clearInterval(timer);
}
