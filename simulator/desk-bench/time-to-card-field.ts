/**
 * How long it takes from opening the desk until a card can be scanned, as the page itself measures it.
 *
 * @module
 */
import type { BrowserContext } from "playwright-core";

/** What one opening of the page has cost until the field for a card's code has the focus. */
export interface Opening {
  /** Milliseconds from the beginning of the navigation until then. */
  readonly cardField: number;
  /** Milliseconds until anything was painted. */
  readonly firstPaint: number;
  /** Milliseconds by which tasks were longer than 50 ms (total blocking time). */
  readonly blocked: number;
  readonly longTasks: number;
  /** Answers that had arrived. */
  readonly requests: number;
  /** Of their bodies, as they were sent: compressed. */
  readonly bytes: number;
}

/** Begins before anything of the page does. */
const OBSERVE = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries()))
    .observe({ type: "longtask", buffered: true });
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("main input")) globalThis.cardFieldAt ??= performance.now();
  });
`;
const MEASURE = `(() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const resources = performance.getEntriesByType("resource");
  // The chart is fetched ahead for the result, and no part of the first screen.
  const arrived = [navigation, ...resources].filter(
    (each) => each.responseEnd <= cardFieldAt && !each.name.includes("draw-strip"),
  );
  const tasks = longTasks.filter((each) => each.startTime <= cardFieldAt);
  return {
    cardField: cardFieldAt,
    firstPaint: performance.getEntriesByName("first-contentful-paint")[0].startTime,
    blocked: tasks.reduce((sum, each) => sum + each.duration - 50, 0),
    longTasks: tasks.length,
    requests: arrived.length,
    bytes: arrived.reduce((sum, each) => sum + each.encodedBodySize, 0),
  };
})()`;

/**
 * Opens the page once, in a tab of its own.
 *
 * @param slowdown - how many times slower than it is the processor shall be
 */
export async function openOnce(
  context: BrowserContext,
  url: string,
  slowdown: number,
): Promise<Opening> {
  const page = await context.newPage();
  try {
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    await page.addInitScript(OBSERVE);
    // In a tab behind another one nothing gets the focus.
    await page.bringToFront();
    await page.goto(url);
    await page.locator("main input:focus").waitFor();
    return (await page.evaluate(MEASURE)) as Opening;
  } finally {
    await page.close();
  }
}
