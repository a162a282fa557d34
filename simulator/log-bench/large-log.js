// A Puck.js whose log never fills: what a token would keep if flash cost nothing. The layout comes first, so that the
// build knows its numbers before it comes to the code that uses them.
import { LAYOUT } from "./large-layout.ts";

export * from "../../firmware/boards/puckjs.ts";
export { LAYOUT };
