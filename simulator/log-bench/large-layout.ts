import { type FlashLayout, PUCKJS } from "../../protocol/flash-layout.ts";

/** Flash for a log that never fills, on a Puck.js that does not exist. */
export const LAYOUT: FlashLayout = { storage: PUCKJS.storage, storagePages: 68, poolPages: 64 };
