// A Puck.js whose Storage lies where Espruino for Linux has its flash, so that nothing stands between. The layout comes
// first, so that the build knows its numbers before it comes to the code that uses them.
import { LAYOUT } from "./linux-layout.js";

export * from "../../firmware/boards/puckjs.ts";
export { LAYOUT };
