/** The whole firmware, with a view of what it keeps. */
import "./probe.ts";
import "../../../firmware/main.ts";

export { hasDropped, logEnd, logStart, readLog } from "../../../firmware/encounter-log.ts";
export { neighbourCount } from "../../../firmware/neighbours.ts";
export {
  EXPOSURE,
  image,
  KEYS,
  lastInterval,
  renew,
  STATE,
} from "../../../firmware/state-store.ts";
