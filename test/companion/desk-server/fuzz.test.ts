import { connect } from "node:net";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ask } from "./exchange.ts";
import { type ServedDesk, serveDesk } from "./rig.ts";

let desk: ServedDesk;
let token: string;

beforeAll(async () => {
  desk = await serveDesk();
  token = new URL(desk.url).pathname.slice(1, -1);
});
afterAll(() => desk.stop());

/** The status of the first answer to some bytes, after which the other end has nothing more to say. */
function statusOf(bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(desk.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1])));
    socket.end(bytes);
  });
}

// No control characters, which would end a line or are none of HTTP's.
const text = fc.string({ unit: fc.constantFrom(..."abyz019 ;,=:/?%&.-_~<>{}[]\"'\\éжҚ") });
const word = fc.oneof(
  fc.constantFrom(
    "api",
    "view",
    "begin",
    "stir",
    "texts",
    "kk.json",
    "demo",
    "..",
    ".",
    "",
    "open",
  ),
  fc.webPath(),
  text.map(encodeURIComponent),
  fc.constantFrom("%", "%00", "%2e%2e", "%c0%ae", "%ff", "__proto__", "constructor", "page.js"),
);
const known = ["", "page.js", "texts/ru.json", "api/finish", "api/begin", "api/stir", "api/share"];
const path = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.constantFrom(...known),
      fc.array(word, { maxLength: 5 }).map((words) => words.join("/")),
    ),
  )
  .map(([inside, rest]) => (inside ? `/${token}/${rest}` : `/${rest}`));
const header = fc.tuple(
  fc.constantFrom(
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Cookie",
    "If-None-Match",
    "Origin",
    "Range",
    "Referer",
    "Sec-Fetch-Site",
    "X-Forwarded-For",
    "Expect",
    "Upgrade",
  ),
  fc.oneof(text, fc.constantFrom("same-origin", "gzip;q=2", "bytes=0-", "websocket")),
);
const body = fc.oneof(
  fc.json(),
  text,
  fc.constant("{}"),
  fc.constantFrom('{"card":"SQB1:x"}', "[".repeat(4000), '{"__proto__":{}}'),
);
const type = fc.constantFrom("application/json", "application/json; charset=utf-16", "text/plain");

const request = fc
  .record({
    method: fc.constantFrom("GET", "GET", "POST", "POST", "PUT", "OPTIONS", "HEAD"),
    path,
    own: fc.boolean(),
    headers: fc.oneof(fc.constant([]), fc.array(header, { maxLength: 4 })),
    type,
    body,
    length: fc.constantFrom("right", "right", "right", "short", "chunked"),
  })
  // Events do not end.
  .filter(({ method, path }) => !(method === "GET" && path.startsWith(`/${token}/api/view`)))
  .map(({ method, path, own, headers, type, body, length }) => {
    const bytes = Buffer.from(body, "utf8");
    const lines = [`Host: 127.0.0.1:${desk.port}`, "Connection: close"];
    if (own) lines.push(`Origin: ${desk.origin}`);
    for (const [name, value] of headers) lines.push(`${name}: ${value}`);
    if (method === "POST") {
      lines.push(`Content-Type: ${type}`);
      if (length === "chunked") lines.push("Transfer-Encoding: chunked");
      else lines.push(`Content-Length: ${length === "right" ? bytes.length : bytes.length >> 1}`);
    }
    const end =
      length === "chunked"
        ? Buffer.concat([
            Buffer.from(`${bytes.length.toString(16)}\r\n`),
            bytes,
            Buffer.from(bytes.length > 0 ? "\r\n0\r\n\r\n" : "\r\n"),
          ])
        : bytes;
    const head = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`, "utf8");
    return method === "POST" ? Buffer.concat([head, end]) : head;
  });

test("no request makes the desk fail, or waits for an answer that does not come", async () => {
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(request, async (bytes) => {
      const status = await statusOf(bytes);
      seen.set(status, (seen.get(status) ?? 0) + 1);
      expect([200, 303, 400, 403, 404, 405, 410, 413, 415]).toContain(status);
    }),
    { numRuns: 4000 },
  );
  // It went to all corners, not just to the gate.
  for (const status of [200, 400, 403, 404, 405, 415]) {
    expect(seen.get(status) ?? 0, String(status)).toBeGreaterThan(10);
  }
});

test("no bytes make the desk fail", async () => {
  const log = vi.spyOn(console, "error");
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array)),
    request.chain((whole) =>
      fc
        .tuple(fc.nat(whole.length - 1), fc.nat(255))
        .map(([at, value]) => Buffer.concat([whole.subarray(0, at), Buffer.of(value)])),
    ),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (each) => {
      const status = await statusOf(each);
      // Nothing at all for what is no request yet when the other end hangs up.
      if (!Number.isNaN(status)) expect(status).toBeLessThan(500);
    }),
    { numRuns: 1000 },
  );
  expect(log).not.toHaveBeenCalled();
  log.mockRestore();
  expect((await ask(desk.url)).status).toBe(200);
});
