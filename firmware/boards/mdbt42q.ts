/**
 * MDBT42Q module: nRF52832, 40 kB of Storage in internal flash, native SHA-256 but no AES, one LED between D1 and
 * ground, a button, a CR2032.
 */
export { MDBT42Q as LAYOUT } from "../../protocol/flash-layout.ts";
export * from "./parts/button.ts";
export * from "./parts/ccm.ts";
export * from "./parts/cr2032.ts";
export * from "./parts/flash.ts";
export * from "./parts/native-sha256.ts";
export * from "./parts/no-screen.ts";
export * from "./parts/nrf52832.ts";
export * from "./parts/one-light.ts";
export * from "./parts/portable-aes.ts";
export * from "./parts/radio.ts";
// Espruino's own percentage is always 0 on a module, which may be powered in any way.
export { battery } from "./parts/supply-voltage.ts";
export * from "./parts/system.ts";
