/**
 * Puck.js v2 with Espruino's usual build: nRF52832, 40 kB of Storage in internal flash, native AES and
 * SHA-256, three LEDs, a button, a CR2032.
 */
export { PUCKJS as LAYOUT } from "../../protocol/flash-layout.ts";
export * from "./parts/button.ts";
export * from "./parts/ccm.ts";
export * from "./parts/cr2032.ts";
export * from "./parts/flash.ts";
export * from "./parts/lights.ts";
export * from "./parts/native-aes.ts";
export * from "./parts/native-sha256.ts";
export * from "./parts/no-screen.ts";
export * from "./parts/nrf52832.ts";
export * from "./parts/radio.ts";
export * from "./parts/system.ts";
