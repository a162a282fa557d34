/** What all boards share, as the fake board takes it: Espruino's calls behind it are the platform's. */
export * from "../../../firmware/boards/parts/radio.ts";
export * from "../../../firmware/boards/parts/system.ts";
