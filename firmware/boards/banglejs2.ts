/**
 * Bangle.js 2: nRF52840, Storage in external flash, native SHA-256 and AES-CCM but no AES that gives a single block, a motor in the
 * place of lights, a screen, a button, a rechargeable battery.
 */
export { BANGLEJS2 as LAYOUT } from "../../protocol/flash-layout.ts";
export * from "./parts/bangle-button.ts";
export * from "./parts/bangle-screen.ts";
export * from "./parts/flash.ts";
export * from "./parts/lithium.ts";
export * from "./parts/motor.ts";
export * from "./parts/native-ccm.ts";
export * from "./parts/native-sha256.ts";
export * from "./parts/nrf52840.ts";
export * from "./parts/portable-aes.ts";
export * from "./parts/radio.ts";
export * from "./parts/system.ts";
