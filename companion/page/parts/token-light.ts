/**
 * What a token answers when its button is pressed briefly.
 *
 * @module
 */

import type { SIGNALS } from "../../../protocol/signals.ts";
import type { StatusView } from "../../desk/desk-api.ts";

/** Names of a token's signals. */
export type SignalName = keyof typeof SIGNALS;

/** The signal that a token of this state shows: what the wearer should know before all else. */
export function tokenLight(status: StatusView): SignalName {
  if (status.exposure.level === "high") return "exposure";
  if (status.clockDoubtful) return "needsDesk";
  if (status.batteryLow) return "lowBattery";
  return status.state === "on" ? "on" : "paused";
}
