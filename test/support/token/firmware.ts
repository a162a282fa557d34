/** The whole firmware, with a view of what it keeps. */
import "./probe.ts";
import "../../../firmware/main.ts";

export { hasDropped, logEnd, logStart, readLog } from "../../../firmware/encounter-log.ts";
export { neighbourCount } from "../../../firmware/neighbours.ts";
export {
  DOUBTFUL,
  EPOCH,
  EXPOSURE,
  image,
  KEYS,
  lastInterval,
  RESTARTS,
  renew,
  STATE,
} from "../../../firmware/state-store.ts";
export { failures } from "./parts.js";
