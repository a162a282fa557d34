// A Puck.js whose log never fills: what a token would keep if flash cost nothing.
export * from "../../firmware/boards/puckjs.ts";
export const LAYOUT = { storage: 0x6c000, storagePages: 68, poolPages: 64 };
