import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { Hono } from "hono";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startDeskServer } from "../../../companion/desk-server/desk-server.ts";
import { Failure } from "../../../companion/failure.ts";
import { expectFailure } from "../../support/expect-failure.ts";
import { ask, codeOf, post } from "./exchange.ts";
import { makePage, type ServedDesk, serveDesk } from "./rig.ts";
import { SimpleHost } from "./simple-host.ts";

let desk: ServedDesk;
let url: string;

beforeAll(async () => {
  desk = await serveDesk();
  ({ url } = desk);
});
afterAll(() => desk.stop());

describe("files", () => {
  test.each([
    ["", "text/html; charset=utf-8"],
    ["index.html", "text/html; charset=utf-8"],
    ["page.js", "text/javascript; charset=utf-8"],
    ["chunk-ABC.js", "text/javascript; charset=utf-8"],
    ["page.css", "text/css; charset=utf-8"],
    ["icon.svg", "image/svg+xml"],
  ])("%j is served as %s", async (name, type) => {
    const { status, headers } = await ask(url + name);
    expect([status, headers["content-type"]]).toEqual([200, type]);
  });

  test("the best encoding that the browser takes is sent, and it is the same file", async () => {
    const plain = await ask(`${url}chunk-ABC.js`);
    expect(plain.headers["content-encoding"]).toBeUndefined();
    const asking = async (accepted: string) => {
      const answer = await ask(`${url}chunk-ABC.js`, { headers: { "accept-encoding": accepted } });
      return [answer.headers["content-encoding"], answer.body] as const;
    };
    const [br, brotli] = await asking("gzip, deflate, br, zstd");
    expect([br, brotliDecompressSync(brotli)]).toEqual(["br", plain.body]);
    const [gzip, zipped] = await asking("deflate, gzip, br;q=0");
    expect([gzip, gunzipSync(zipped)]).toEqual(["gzip", plain.body]);
    expect(await asking("deflate")).toEqual([undefined, plain.body]);
    expect(brotli.length).toBeLessThan(plain.body.length / 10);
  });

  test.each([
    "notes.txt",
    "nothing.js",
    "../package.json",
    "%2e%2e/%2e%2e/package.json",
    "..%2fpackage.json",
    "constructor",
    "api/",
    "api/nonsense",
    "texts/de.json",
    "texts/kk.txt",
    "texts/",
    "demo/panel.js",
  ])("%j is not found", async (name) => {
    const { status, text } = await ask(url + name);
    expect(status).toBe(404);
    expect(text).not.toContain("not for anybody");
  });

  test("the token without a slash leads to the page", async () => {
    const { status, headers } = await ask(url.slice(0, -1));
    expect([status, headers.location]).toEqual([303, new URL(url).pathname]);
  });

  test("a page that was not built is said in one sentence", async () => {
    const empty = mkdtempSync(join(tmpdir(), "saqbol-page-"));
    const start = (pageDirectory: string) => startDeskServer(new SimpleHost(), { pageDirectory });
    await expectFailure(start(empty), "page-missing");
    await expectFailure(start(join(empty, "nowhere")), "page-missing");
    rmSync(empty, { recursive: true });
  });

  test("what the health authority says is served in each language", async () => {
    for (const language of ["kk", "ru", "en"] as const) {
      const { headers, text } = await ask(`${url}texts/${language}.json`);
      expect(headers["content-type"]).toContain("application/json");
      expect(JSON.parse(text)).toEqual(desk.host.texts(language));
    }
  });
});

describe("actions", () => {
  afterEach(() => {
    desk.host.asked.length = 0;
  });

  test.each([
    ["begin", { card: "SQB1:1" }],
    ["check", {}],
    ["enrol", {}],
    ["pause", {}],
    ["resume", {}],
    ["erase", { afterwards: "off" }],
    ["erase", { afterwards: "on" }],
    ["acknowledge", {}],
    ["lookUp", { code: "0123456789" }],
    ["share", {}],
    ["share", { code: "1234", symptomOnset: "2026-05-20", traveler: false, since: "2026-05-11" }],
    ["finish", {}],
    ["unlock", { card: "SQB1:1" }],
  ])("%s takes %j, and answers in JSON", async (action, input) => {
    const { status, headers, text } = await post(`${url}api/${action}`, input);
    expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
    expect(JSON.parse(text)).toBeTypeOf("object");
    expect(desk.host.asked).toEqual([{ action, input }]);
  });

  test.each([
    ["begin", {}],
    ["begin", { card: 5 }],
    ["begin", { card: "x".repeat(201) }],
    ["begin", { card: "SQB1:1", more: 1 }],
    ["check", { card: "SQB1:1" }],
    ["check", []],
    ["check", null],
    ["check", '{"__proto__": {"a": 1}}'],
    ["erase", {}],
    ["erase", { afterwards: "later" }],
    ["share", { symptomOnset: "yesterday" }],
    ["share", { since: "2026-02-30" }],
    ["share", { traveler: "no" }],
    ["check", ""],
    ["check", "{"],
    ["check", "{} {}"],
  ])("input that does not fit is refused before the desk sees it: %s %j", async (action, input) => {
    const answer = await post(`${url}api/${action}`, input);
    expect([answer.status, codeOf(answer)]).toEqual([400, "input-malformed"]);
    expect(desk.host.asked).toEqual([]);
  });

  test.each([
    ["card-code-malformed", 400],
    ["busy", 409],
    ["no-visit", 409],
    ["desk-locked", 409],
    ["server-failed", 502],
    ["bluetooth-off", 503],
    ["token-not-found", 504],
    ["server-unreachable", 504],
  ])("the failure %s is a %i with code and sentence", async (code, expected) => {
    desk.host.fault = new Failure(code, "It did not go well; try again.");
    const { status, text } = await post(`${url}api/pause`, {});
    expect(status).toBe(expected);
    expect(JSON.parse(text)).toEqual({
      error: { code, message: "It did not go well; try again." },
    });
  });

  test("an unexpected error is a desk-failed, and its trace on standard error quotes nothing", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    desk.host.fault = new TypeError("cannot read SQB1:SECRET\n    at SQB1:SECRET");
    const answer = await post(`${url}api/begin`, { card: "SQB1:SECRET" });
    const logged = log.mock.calls.flat().join("\n");
    log.mockRestore();
    expect([answer.status, codeOf(answer)]).toEqual([500, "desk-failed"]);
    expect(logged).toMatch(/TypeError\n {4}at .*desk-server\.test\.ts/);
    expect(logged + answer.text).not.toContain("SECRET");
  });

  test("stir is noted", async () => {
    const before = desk.host.stirred;
    expect((await post(`${url}api/stir`, {})).status).toBe(200);
    expect(desk.host.stirred).toBe(before + 1);
  });
});

describe("a demonstration", () => {
  let demonstrating: ServedDesk;
  let directory: string;
  let pressed = 0;
  beforeAll(async () => {
    const app = new Hono()
      .get("/tokens", (c) => c.json({ tokens: 2 }))
      .post("/press", async (c) => {
        await c.req.json();
        pressed++;
        return c.json({});
      });
    directory = makePage({ "panel.js": "panel()", "panel.css": "", tokens: "a file" });
    demonstrating = await serveDesk({ demonstration: { app, directory } });
  });
  afterAll(async () => {
    await demonstrating.stop();
    rmSync(directory, { recursive: true });
  });

  test("has its app and its files below demo/", async () => {
    const demo = `${demonstrating.url}demo/`;
    expect((await ask(`${demo}tokens`)).text).toBe('{"tokens":2}');
    expect((await ask(`${demo}panel.js`)).text).toBe("panel()");
    expect((await ask(`${demo}nothing.js`)).status).toBe(404);
    expect((await ask(`${demonstrating.url}panel.js`)).status).toBe(404);
  });

  test("is behind the same gate", async () => {
    const press = `${demonstrating.url}demo/press`;
    expect((await post(press, {})).status).toBe(200);
    expect((await post(press, {}, { origin: "http://evil.example" })).status).toBe(403);
    expect((await post(press, {}, { "content-type": "text/plain" })).status).toBe(415);
    expect((await post(press, `"${"x".repeat(5000)}"`)).status).toBe(413);
    const wrong = press.replace(new URL(demonstrating.url).pathname, "/AAAAAAAAAAAAAAAAAAAAAA/");
    expect((await post(wrong, {})).status).toBe(404);
    expect(pressed).toBe(1);
  });
});

describe("one-time addresses", () => {
  let time = 1000;
  let timed: ServedDesk;
  beforeAll(async () => {
    timed = await serveDesk({ now: () => time });
  });
  afterAll(() => timed.stop());

  test("one leads to the page once, and then says what to do", async () => {
    const opening = timed.server.openingUrl();
    const first = await ask(opening);
    expect([first.status, first.headers.location]).toEqual([303, new URL(timed.url).pathname]);
    const second = await ask(opening);
    expect(second.status).toBe(410);
    for (const word of ["saqbol desk", "Откройте", "ашыңыз", "Open the address"]) {
      expect(second.text).toContain(word);
    }
    expect(second.text).not.toContain(new URL(timed.url).pathname.slice(1, -1));
  });

  test("one is good for 60 seconds", async () => {
    const [early, late] = [timed.server.openingUrl(), timed.server.openingUrl()];
    time += 59;
    expect((await ask(early)).status).toBe(303);
    time += 1;
    expect((await ask(late)).status).toBe(410);
  });

  test("each is another, and gives nothing of the lasting one away", () => {
    const [first, second] = [timed.server.openingUrl(), timed.server.openingUrl()];
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]{22}$/);
    expect(first).not.toBe(second);
    expect(first).not.toContain(new URL(timed.url).pathname.slice(1, -1));
  });

  test("a guess uses none up", async () => {
    const opening = timed.server.openingUrl();
    expect((await ask(`${timed.origin}/open/AAAAAAAAAAAAAAAAAAAAAA`)).status).toBe(410);
    expect((await ask(opening)).status).toBe(303);
  });
});

describe("addresses", () => {
  test("the token is 128 random bits, another at each start", async () => {
    const other = await serveDesk();
    const token = (address: string) => new URL(address).pathname.slice(1, -1);
    expect(token(url)).toMatch(/^[\w-]{22}$/);
    expect(token(other.url)).not.toBe(token(url));
    await other.stop();
  });

  test("two desks on one computer do not disturb each other", async () => {
    const other = await serveDesk();
    expect(other.port).not.toBe(desk.port);
    const swapped = `${other.origin}${new URL(url).pathname}`;
    expect((await ask(swapped)).status).toBe(404);
    await post(`${other.url}api/begin`, { card: "SQB1:1" });
    expect(other.host.view.visit).not.toBeNull();
    expect(desk.host.view.visit).toBeNull();
    await other.stop();
  });

  test("a port that is taken is said in one sentence", async () => {
    const pageDirectory = makePage();
    const start = startDeskServer(new SimpleHost(), { port: desk.port, pageDirectory });
    const { message } = await expectFailure(start, "port-taken");
    expect(message).toContain(String(desk.port));
    rmSync(pageDirectory, { recursive: true });
  });
});
