import type { Pace } from "../../companion/servers/pace.ts";

/** A clock that waits no time at all and goes on by what it was to wait. */
export class VirtualPace implements Pace {
  time: number;
  /** All pauses, in seconds. */
  readonly pauses: number[] = [];

  /** @param time - Unix seconds */
  constructor(time: number) {
    this.time = time;
  }

  now = (): number => this.time;

  wait = async (seconds: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted) return;
    this.pauses.push(seconds);
    this.time += seconds;
  };
}
