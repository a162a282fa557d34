/** Time-outs on a clock: the computer's, or a simulation's. */
export interface Timers {
  /** Calls `action` after `milliseconds`; returns how to prevent it. */
  after(milliseconds: number, action: () => void): () => void;
}

/** This computer's clock. */
export const systemTimers: Timers = {
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
