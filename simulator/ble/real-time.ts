/**
 * Lets a simulated world keep pace with the wall clock.
 *
 * @module
 */
import type { World } from "../world.ts";

const TICK = 4;

/**
 * Runs a world in real time. What passes besides, by {@link World.run}, is passed.
 *
 * @param onTick - called after each step, every few milliseconds
 * @param speed - seconds of the world in one of the wall clock; 1 unless told
 * @returns stops it
 */
export function runInRealTime(world: World, onTick: () => void, speed = 1): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const elapsed = performance.now() - last;
    last += elapsed;
    world.run((speed * elapsed) / 1000);
    onTick();
  }, TICK);
  return () => clearInterval(timer);
}
