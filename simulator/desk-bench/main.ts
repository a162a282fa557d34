/**
 * `npm run bench:desk`: how long it takes until a card can be scanned, in Chromium on a processor slowed down four times, over ten
 * openings of the page. Fastest, median and slowest, since other work on the machine makes some slower.
 */
import { openDeskDemo } from "../desk-demo/desk-demo.ts";
import { chromiumPath } from "./chromium.ts";
import { openBrowser } from "./open-browser.ts";
import { type Opening, openOnce } from "./time-to-card-field.ts";

const RUNS = 10;
const SLOWDOWN = 4;

if (!chromiumPath()) {
  console.error("bench:desk: Chromium is missing; install it, or name its path in CHROMIUM.");
  process.exit(1);
}
const demo = await openDeskDemo({ now: Date.now() / 1000 });
const browser = await openBrowser();
const openings: Opening[] = [];
for (let run = 0; run < RUNS; run++) {
  openings.push(await openOnce(browser.context, demo.server.url, SLOWDOWN));
}
await browser.close();
await demo.close();

const COLUMNS = {
  "first paint, ms": "firstPaint",
  "card field, ms": "cardField",
  "blocked, ms": "blocked",
  "long tasks": "longTasks",
  requests: "requests",
  "bytes, compressed": "bytes",
} as const satisfies Record<string, keyof Opening>;

console.log(`The desk's page, ${RUNS} openings, processor ${SLOWDOWN} times slower:`);
console.log(
  `${"".padEnd(20)}${["fastest", "median", "slowest"].map((each) => each.padStart(10)).join("")}`,
);
for (const [name, field] of Object.entries(COLUMNS)) {
  const sorted = openings.map((opening) => opening[field]).sort((a, b) => a - b);
  const shown = [sorted[0]!, sorted[RUNS >> 1]!, sorted[RUNS - 1]!];
  console.log(name.padEnd(20) + shown.map((value) => value.toFixed(0).padStart(10)).join(""));
}
