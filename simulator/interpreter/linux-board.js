// A Puck.js whose Storage lies where Espruino for Linux has its flash, so that nothing stands between.
export * from "../../firmware/boards/puckjs.ts";
export const LAYOUT = { storage: 0x10000000, storagePages: 10, regionPages: 7 };
