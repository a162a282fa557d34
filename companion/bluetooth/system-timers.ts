/** Time-outs on this computer's clock. */
import type { Timers } from "../token/gatt-link.ts";

export const systemTimers: Timers = {
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};
