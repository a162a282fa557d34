import { Hono } from "hono";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ask, askRaw, post } from "./exchange.ts";
import { makePage, type ServedDesk, serveDesk } from "./rig.ts";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const EXPECTED = {
  "cache-control": "no-store",
  "content-security-policy": POLICY,
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": expect.stringMatching(/^camera=\(self\), (?:[a-z-]+=\(\)(?:, )?)+$/),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

let desk: ServedDesk;
let url: string;

beforeAll(async () => {
  const app = new Hono().get("/state", (c) => c.json({ tokens: 2 }));
  const directory = makePage({ "panel.js": "1" });
  desk = await serveDesk({ demonstration: { app, directory } });
  ({ url } = desk);
});
afterAll(() => desk.stop());

const REQUESTS: Record<string, [number, () => ReturnType<typeof ask>]> = {
  "the page": [200, () => ask(url)],
  "a file": [200, () => ask(`${url}page.js`)],
  "a compressed file": [200, () => ask(`${url}page.js`, { headers: { "accept-encoding": "br" } })],
  texts: [200, () => ask(`${url}texts/kk.json`)],
  "an action": [200, () => post(`${url}api/finish`, {})],
  stir: [200, () => post(`${url}api/stir`, {})],
  "the demonstration's app": [200, () => ask(`${url}demo/state`)],
  "the demonstration's file": [200, () => ask(`${url}demo/panel.js`)],
  "a missing slash": [303, () => ask(url.slice(0, -1))],
  "a one-time address": [303, () => ask(desk.server.openingUrl())],
  "a spent one-time address": [410, () => ask(`${desk.origin}/open/A`)],
  "the root": [404, () => ask(`${desk.origin}/`)],
  "an unknown file": [404, () => ask(`${url}nothing`)],
  "an address that is none": [404, () => ask(`${desk.origin}/%ff%00/`)],
  "a refused Host": [403, () => ask(url, { headers: { host: "localhost" } })],
  "a Host that is none": [403, () => ask(url, { headers: { host: "a b\\c" } })],
  "a refused origin": [403, () => ask(url, { headers: { origin: "null" } })],
  "a refused site": [403, () => ask(url, { headers: { "sec-fetch-site": "cross-site" } })],
  "a refused method": [405, () => ask(url, { method: "DELETE" })],
  "a refused type": [415, () => post(`${url}api/finish`, {}, { "content-type": "text/plain" })],
  "a body too large": [413, () => post(`${url}api/finish`, "x".repeat(5000))],
  "a malformed body": [400, () => post(`${url}api/finish`, "x")],
  "an expectation": [200, () => ask(url, { headers: { expect: "wonders" } })],
  "an upgrade": [200, () => ask(url, { headers: { connection: "Upgrade", upgrade: "websocket" } })],
};

test.each(Object.entries(REQUESTS))("every header is on %s", async (_, [expected, send]) => {
  const { status, headers } = await send();
  expect(status).toBe(expected);
  expect(headers).toMatchObject(EXPECTED);
  expect(headers["set-cookie"]).toBeUndefined();
  expect(headers["access-control-allow-origin"]).toBeUndefined();
  expect(headers["server"] ?? headers["x-powered-by"]).toBeUndefined();
});

test("every header is on a failure of the desk itself", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => {});
  desk.host.fault = new Error("unexpected");
  const { status, headers } = await post(`${url}api/check`, {});
  log.mockRestore();
  expect(status).toBe(500);
  expect(headers).toMatchObject(EXPECTED);
});

test.each([
  ["what is not HTTP", 400, "nonsense\r\n\r\n"],
  ["headers that are too long", 431, `GET / HTTP/1.1\r\nX: ${"x".repeat(20_000)}\r\n\r\n`],
  ["a tunnel", 405, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"],
])("every header is on the answer to %s", async (_, status, bytes) => {
  const [head] = (await askRaw(desk.port, bytes)).split("\r\n\r\n");
  const [first, ...lines] = head!.split("\r\n");
  expect(first).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/, 2)));
  expect(headers).toMatchObject(EXPECTED);
});

test("nothing is logged about requests", async () => {
  const spies = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  );
  const out = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const err = vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  for (const [, send] of Object.values(REQUESTS)) await send();
  const calls = [...spies, out, err].flatMap((spy) => spy.mock.calls);
  for (const spy of [...spies, out, err]) spy.mockRestore();
  expect(calls).toEqual([]);
});
