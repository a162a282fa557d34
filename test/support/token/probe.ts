/** Tells the machine what the firmware knows while it boots. */
import { lastInterval } from "../../../firmware/state-store.ts";
import type { Platform } from "./boot.ts";

declare const platform: Platform;

platform.machine.lastInterval = () => lastInterval;
