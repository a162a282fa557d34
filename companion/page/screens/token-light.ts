/**
 * What a token answers when its button is pressed briefly.
 *
 * @module
 */
import type { StatusView } from "../../desk/desk-api.ts";
import type { SignalName } from "../parts/light.tsx";

/** The signal that a token of this state shows: what the wearer should know before all else. */
export function tokenLight(status: StatusView): SignalName {
  if (status.exposure.level === "high") return "exposure";
  if (status.clockDoubtful) return "needsDesk";
  if (status.batteryLow) return "lowBattery";
  return status.state === "on" ? "on" : "paused";
}
