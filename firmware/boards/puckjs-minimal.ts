/**
 * Puck.js v2 with Espruino's minimal build: as `puckjs.ts`, but 96 kB of Storage, and no cryptography of its own.
 */
export { PUCKJS_MINIMAL as LAYOUT } from "../../protocol/flash-layout.ts";
export * from "./parts/button.ts";
export * from "./parts/ccm.ts";
export * from "./parts/cr2032.ts";
export * from "./parts/flash.ts";
export * from "./parts/lights.ts";
export * from "./parts/no-screen.ts";
export * from "./parts/nrf52832.ts";
export * from "./parts/portable-aes.ts";
export * from "./parts/portable-sha256.ts";
export * from "./parts/radio.ts";
export * from "./parts/system.ts";
