/**
 * One action while it goes on: what there is to see of it, and how it is ended early.
 *
 * @module
 */
import { Failure } from "../failure.ts";
import type { ActionName, Activity, ActivityStep } from "./desk-api.ts";

/** See the module's description. */
export class Job {
  readonly action: ActionName;
  readonly #end = new AbortController();
  readonly #onChange: () => void;
  #activity: Activity;
  /** What was going on when the token was lost. */
  #interrupted: Pick<Activity, "step" | "done"> | undefined;

  /** @param onChange - called after each change of the activity */
  constructor(action: ActionName, step: ActivityStep, onChange: () => void) {
    this.action = action;
    this.#onChange = onChange;
    this.#activity = {
      action,
      step,
      done: null,
      otherTokenNear: false,
      connectionLost: false,
      serverPause: null,
    };
  }

  get activity(): Activity {
    return this.#activity;
  }

  /** Aborted with the Failure `visit-ended` once the action was ended early. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Goes on to a step, or with it. @param done - how much of it is done, 0..1; undefined when that cannot be told */
  step(step: ActivityStep, done?: number): void {
    this.#interrupted = undefined;
    // In whole percents, so that not everything that was read is a change.
    const percents = done === undefined ? null : Math.floor(100 * Math.min(1, done)) / 100;
    const { otherTokenNear } = this.#activity;
    this.#change({
      step,
      done: percents,
      // There is nothing to look for any more.
      otherTokenNear: otherTokenNear && step === "searching",
      connectionLost: false,
      serverPause: null,
    });
  }

  /** Another token than the card's was found. */
  foundOther(): void {
    this.#change({ otherTokenNear: true });
  }

  /** The token was lost in the middle of a step, and is looked for. */
  lost(): void {
    const { step, done } = this.#activity;
    this.#interrupted ??= { step, done };
    this.#change({ step: "searching", done: null, connectionLost: true });
  }

  /** The token was found: the step that was interrupted goes on, or else the talk with it begins. */
  found(): void {
    const { step, done } = this.#interrupted ?? { step: "connected", done: null };
    this.#interrupted = undefined;
    this.#change({ step, done, otherTokenNear: false, connectionLost: false });
  }

  /** A server is to be called again after so many seconds; null when it is. */
  pause(seconds: number | null): void {
    this.#change({ serverPause: seconds });
  }

  /** Ends the action early. */
  end(): void {
    this.#end.abort(visitEnded());
  }

  /** What comes of the work, unless the action is ended before: then the work goes on unheeded. */
  async unlessEnded<T>(work: (job: Job) => Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    let stop = (): void => {};
    const ended = new Promise<never>((_, reject) => {
      stop = () => reject(signal.reason);
      signal.addEventListener("abort", stop);
    });
    try {
      return await Promise.race([work(this), ended]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #change(change: Partial<Activity>): void {
    const before = this.#activity;
    const after = { ...before, ...change };
    const fields = Object.keys(after) as (keyof Activity)[];
    if (fields.every((field) => after[field] === before[field])) return;
    this.#activity = after;
    this.#onChange();
  }
}

/** The Failure of an action that its visit, or the desk, does not outlast. */
export function visitEnded(): Failure {
  return new Failure("visit-ended", "The visit was ended before this was done; begin it again.");
}
