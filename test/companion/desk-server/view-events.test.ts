import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { DeskView } from "../../../companion/desk/desk-api.ts";
import { viewEvents } from "../../../companion/desk-server/view-events.ts";
import { type ServedDesk, serveDesk } from "./rig.ts";
import { SimpleHost } from "./simple-host.ts";

/** Time that passes only when it is told to. */
class ManualTimers {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.#now + milliseconds, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await settled();
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const publishedAt = (updatedAt: number) => ({ publishedKeys: { updatedAt } });
const viewIn = (event: string): DeskView =>
  JSON.parse(/^event: view\ndata: (.*)\n\n$/.exec(event)![1]!);

describe("views as events", () => {
  let host: SimpleHost;
  let timers: ManualTimers;
  let end: AbortController;
  let reader: ReadableStreamDefaultReader<Uint8Array>;
  let events: string[];
  let over: boolean;

  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      events.push(Buffer.from(value).toString("utf8"));
    }
    over = true;
  };

  beforeEach(() => {
    host = new SimpleHost();
    timers = new ManualTimers();
    end = new AbortController();
    reader = viewEvents(host, timers, end.signal).getReader();
    events = [];
    over = false;
  });

  test("the present view comes at once, and the new one after a change", async () => {
    void read();
    await timers.pass(0);
    expect(events.map(viewIn)).toEqual([host.view]);
    await timers.pass(1000);
    expect(events.length).toBe(1);
    host.change(publishedAt(5));
    await timers.pass(0);
    expect(viewIn(events[1]!)).toEqual(host.view);
  });

  test("changes in one turn give one event", async () => {
    void read();
    await timers.pass(1000);
    host.change(publishedAt(1));
    host.change(publishedAt(2));
    await Promise.resolve();
    host.change(publishedAt(3));
    await timers.pass(1000);
    expect(events.slice(1).map((event) => viewIn(event).publishedKeys.updatedAt)).toEqual([3]);
  });

  test("changes within 50 milliseconds after an event give one event", async () => {
    void read();
    await timers.pass(1000);
    for (let each = 1; each <= 40; each++) {
      host.change(publishedAt(each));
      await timers.pass(10);
    }
    await timers.pass(1000);
    const seen = events.slice(1).map((event) => viewIn(event).publishedKeys.updatedAt!);
    expect(seen.length).toBeGreaterThanOrEqual(8);
    expect(seen.length).toBeLessThanOrEqual(9);
    expect(seen.at(-1)).toBe(40);
  });

  test("a slow reader gets the latest view only", async () => {
    const first = reader.read();
    await timers.pass(0);
    await first;
    for (let each = 1; each <= 100; each++) {
      host.change(publishedAt(each));
      await timers.pass(100);
    }
    void read();
    await timers.pass(1000);
    expect(events.map((event) => viewIn(event).publishedKeys.updatedAt)).toEqual([100]);
  });

  test("silence is broken every 20 seconds", async () => {
    void read();
    await timers.pass(0);
    await timers.pass(19_999);
    expect(events.length).toBe(1);
    await timers.pass(1);
    await timers.pass(20_000);
    expect(events.slice(1)).toEqual([":\n\n", ":\n\n"]);
  });

  test("the end is said, and nothing watches or waits any more", async () => {
    void read();
    await timers.pass(1000);
    expect(host.watchers).toBe(1);
    end.abort();
    await timers.pass(0);
    expect(events.slice(1)).toEqual(["event: end\ndata: {}\n\n"]);
    expect([over, host.watchers, timers.pending]).toEqual([true, 0, 0]);
  });

  test("a reader that goes is forgotten", async () => {
    void reader.read();
    await timers.pass(1000);
    const waiting = reader.read();
    await reader.cancel();
    await waiting;
    await timers.pass(0);
    expect([host.watchers, timers.pending]).toEqual([0, 0]);
    host.change(publishedAt(1));
    await timers.pass(1000);
  });
});

describe("events over HTTP", () => {
  let desk: ServedDesk;
  beforeEach(async () => {
    desk = await serveDesk();
  });
  afterEach(() => desk.stop());

  const watch = () =>
    new Promise<{ next: () => Promise<DeskView>; leave: () => void; ended: Promise<string> }>(
      (resolve, reject) => {
        const outgoing = request(`${desk.url}api/view`, { agent: false }, (response) => {
          expect(response.headers["content-type"]).toBe("text/event-stream");
          const views: DeskView[] = [];
          let arrived = () => {};
          let text = "";
          let last = "";
          response.on("data", (chunk) => {
            text += chunk;
            const parts = text.split("\n\n");
            text = parts.pop()!;
            for (const part of parts) {
              if (part.startsWith("event: view")) views.push(viewIn(`${part}\n\n`));
              last = part;
            }
            arrived();
          });
          const ended = new Promise<string>((done) => response.on("close", () => done(last)));
          response.on("error", () => {});
          resolve({
            next: async () => {
              while (views.length === 0) {
                await new Promise<void>((done) => {
                  arrived = done;
                });
              }
              return views.shift()!;
            },
            leave: () => outgoing.destroy(),
            ended,
          });
        });
        outgoing.on("error", reject);
        outgoing.end();
      },
    );

  test("two tabs see the same, and one that is closed is forgotten", async () => {
    const tabs = [await watch(), await watch()];
    for (const tab of tabs) expect(await tab.next()).toEqual(desk.host.view);
    desk.host.change(publishedAt(7));
    for (const tab of tabs) expect(await tab.next()).toEqual(desk.host.view);
    expect(desk.host.watchers).toBe(2);
    tabs[0]!.leave();
    await expect.poll(() => desk.host.watchers).toBe(1);
    desk.host.change(publishedAt(8));
    expect((await tabs[1]!.next()).publishedKeys.updatedAt).toBe(8);
  });

  test("closing the server says so, and ends them", async () => {
    const tab = await watch();
    await tab.next();
    await desk.server.close();
    expect(await tab.ended).toBe("event: end\ndata: {}");
    expect(desk.host.watchers).toBe(0);
  });

  test("a page that does not read, or says nothing, does not keep the server from closing", async () => {
    const silent = connect(desk.port, "127.0.0.1");
    silent.on("error", () => {});
    await new Promise<void>((resolve) => silent.once("connect", resolve));
    const response = await new Promise<IncomingMessage>((resolve) => {
      request(`${desk.url}api/view`, resolve).end();
    });
    response.pause();
    response.on("error", () => {});
    await desk.server.close();
    silent.destroy();
    response.destroy();
  });

  test("a client that does not read costs nothing, and reads the latest view in the end", async () => {
    const long = "x".repeat(200_000);
    const seen = await new Promise<DeskView[]>((resolve, reject) => {
      const outgoing = request(`${desk.url}api/view`, { agent: false }, async (response) => {
        response.pause();
        for (let each = 1; each <= 400; each++) {
          desk.host.change({
            ...publishedAt(each),
            failure: { action: "check", code: "long", message: long },
          });
          await settled();
        }
        // In time that passes, at most a few megabytes would fit between the two ends.
        await new Promise((done) => setTimeout(done, 200));
        desk.host.change({ ...publishedAt(401), failure: null });
        let text = "";
        response.on("data", (chunk) => {
          text += chunk;
          if (!text.includes('"updatedAt":401')) return;
          outgoing.destroy();
          const events = text.split("\n\n").slice(0, -1);
          resolve(events.map((event) => viewIn(`${event}\n\n`)));
        });
        response.on("error", () => {});
        response.resume();
      });
      outgoing.on("error", reject);
      outgoing.end();
    });
    expect(seen.at(-1)!.publishedKeys.updatedAt).toBe(401);
    expect(seen.length).toBeLessThan(100);
  });
});
