/**
 * Something long that somebody at a terminal follows, and may end early.
 *
 * @module
 */
import type { PoolFollower } from "../run/pool.ts";
import { untilInterrupted } from "./interruption.ts";
import { ProgressBar } from "./progress-bar.ts";

/** Does it, with a bar while it lasts and Ctrl-C to end it. */
export function atTerminal<T>(
  label: string,
  action: (follower: PoolFollower) => Promise<T>,
): Promise<T> {
  const bar = new ProgressBar(label);
  return untilInterrupted("Ending early; once more to end at once.", (signal) =>
    action({ progress: (done) => bar.show(done), signal }).finally(() => bar.end()),
  );
}
