/**
 * How long it takes from opening the desk until a card can be scanned, as the page itself measures it.
 *
 * @module
 */
import type { BrowserContext } from "playwright-core";

/** What one opening of the page has cost. */
export interface Opening {
  /** Milliseconds from the beginning of the navigation until the field for a card's code has the focus. */
  readonly cardField: number;
  /** Milliseconds until anything was painted. */
  readonly firstPaint: number;
  /** Milliseconds by which tasks were longer than 50 ms (total blocking time). */
  readonly blocked: number;
  readonly longTasks: number;
  /** Begun until then. */
  readonly requests: number;
  /** Of all answers until then, as they are sent: compressed, with their headers. */
  readonly bytes: number;
}

/** The observer of long tasks begins before anything of the page does. */
const OBSERVE_TASKS = `
  globalThis.longTasks = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
`;
const CARD_FIELD_HAS_FOCUS = `document.activeElement?.matches("main input") && performance.now()`;
const FIRST_PAINT = `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity`;

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
    await session.send("Network.enable");
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    let requests = 0;
    let bytes = 0;
    session.on("Network.requestWillBeSent", () => requests++);
    session.on("Network.loadingFinished", ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await page.addInitScript(OBSERVE_TASKS);
    await page.goto(url);
    const ready = await page.waitForFunction(CARD_FIELD_HAS_FOCUS, undefined, { polling: "raf" });
    const cardField = (await ready.jsonValue()) as number;
    const firstPaint = (await page.evaluate(FIRST_PAINT)) as number;
    const tasks = (await page.evaluate("longTasks")) as number[];
    const blocked = tasks.reduce((sum, duration) => sum + duration - 50, 0);
    return { cardField, firstPaint, blocked, longTasks: tasks.length, requests, bytes };
  } finally {
    await page.close();
  }
}
