/**
 * Puck.js v2 with Espruino's usual build: nRF52832, 40 kB of Storage in internal flash, native AES and
 * SHA-256, three LEDs, a button, a CR2032.
 */
import { PUCKJS } from "../../protocol/flash-layout.ts";

export * from "./parts/button.ts";
export * from "./parts/flash.ts";
export * from "./parts/lights.ts";
export * from "./parts/native-aes.ts";
export * from "./parts/native-sha256.ts";
export * from "./parts/no-screen.ts";
export * from "./parts/radio.ts";
export * from "./parts/system.ts";

export const LAYOUT = PUCKJS;
export const PAGES = PUCKJS.regionPages - 1;
export const TX_POWER = 0;
/** The connection's MTU is 53, of which 3 bytes are the protocol's. */
export const NOTIFICATION_BYTES = 50;
/**
 * Espruino counts 2.2 V as 0 and 2.8 V as 100. Of a CR2032 some 7 percent are left at 2.6 V (discharge curve at
 * 15 kilohms in Energizer's data sheet), which is about two weeks.
 */
export const LOW_BATTERY = 66;
