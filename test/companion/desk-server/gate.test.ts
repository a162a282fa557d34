import { existsSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { authorityOf, refusalOf } from "../../../companion/desk-server/gate.ts";
import { ask, askRaw, codeOf, post } from "./exchange.ts";
import { type ServedDesk, serveDesk } from "./rig.ts";

const AUTHORITY = "127.0.0.1:4242";
let desk: ServedDesk;
let url: string;
let token: string;

beforeAll(async () => {
  desk = await serveDesk();
  ({ url } = desk);
  token = new URL(url).pathname.slice(1, -1);
});
afterAll(() => desk.stop());

const SENTENCE = /^[A-Z][^.]*(\d\.[^.]*)*\.$/;

describe("refused by their Host", () => {
  test.each([
    "localhost",
    "localhost:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.2:PORT",
    "127.1:PORT",
    "0.0.0.0:PORT",
    "[::1]:PORT",
    "evil.example:PORT",
    "127.0.0.1.evil.example:PORT",
    "127.0.0.1:PORT.",
    "127.0.0.1:PORT@evil.example",
    "127.0.0.1:0PORT",
  ])("%j", async (name) => {
    const host = name.replace("PORT", String(desk.port));
    const answer = await ask(url, { headers: { host } });
    expect([answer.status, codeOf(answer)]).toEqual([403, "wrong-host"]);
    expect(JSON.parse(answer.text).error.message).toMatch(SENTENCE);
  });

  test("none, an empty one, two, or one behind another one", async () => {
    const own = `Host: 127.0.0.1:${desk.port}\r\n`;
    for (const hosts of ["", "Host:\r\n", own + own, `${own}Host: evil.example\r\n`]) {
      const text = await askRaw(
        desk.port,
        `GET /${token}/ HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 403 .*wrong-host/s);
    }
  });

  test("the port that http has by itself is none of it, since browsers leave it out", () => {
    const own = authorityOf("127.0.0.1", 80);
    const request = (host: string) => ({
      method: "POST",
      url: "/",
      rawHeaders: ["Host", host, "Origin", `http://${host}`, "Content-Type", "application/json"],
    });
    expect(refusalOf(request("127.0.0.1"), own)).toBeUndefined();
    expect(refusalOf(request("127.0.0.1:80"), own)).toMatchObject({ code: "wrong-host" });
    expect(refusalOf(request("127.0.0.1"), authorityOf("127.0.0.1", 4242))).toBeDefined();
  });

  test("an address in the request line does not stand in for it", async () => {
    const line = `GET http://127.0.0.1:${desk.port}/${token}/ HTTP/1.1`;
    const rest = "Connection: close\r\n\r\n";
    const evil = await askRaw(desk.port, `${line}\r\nHost: evil.example\r\n${rest}`);
    expect(evil).toMatch(/^HTTP\/1\.1 403 /);
    const own = await askRaw(desk.port, `${line}\r\nHost: 127.0.0.1:${desk.port}\r\n${rest}`);
    expect(own).toMatch(/^HTTP\/1\.1 400 .*address-malformed/s);
  });
});

describe("refused by their origin", () => {
  test.each([
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:PORT",
    "http://localhost:PORT",
    "http://evil.example",
    "http://127.0.0.1:PORT.evil.example",
    "",
  ])("a GET and a POST of %j", async (name) => {
    const origin = name.replace("PORT", String(desk.port));
    const get = await ask(url, { headers: { origin } });
    expect([get.status, codeOf(get)]).toEqual([403, "wrong-origin"]);
    const posted = await post(`${url}api/finish`, {}, { origin });
    expect([posted.status, codeOf(posted)]).toEqual([403, "wrong-origin"]);
  });

  test("a POST without one", async () => {
    const answer = await ask(`${url}api/finish`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect([answer.status, codeOf(answer)]).toEqual([403, "wrong-origin"]);
  });

  test("a navigation without one is let in", async () => {
    expect((await ask(url, { headers: { "sec-fetch-site": "none" } })).status).toBe(200);
  });

  test.each(["cross-site", "same-site", "SAME-ORIGIN", ""])(
    "what Sec-Fetch-Site calls %j",
    async (site) => {
      const answer = await ask(url, { headers: { "sec-fetch-site": site } });
      expect([answer.status, codeOf(answer)]).toEqual([403, "wrong-site"]);
    },
  );
});

describe("refused by what they are", () => {
  test.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD", "PROPFIND"])(
    "the method %s",
    async (method) => {
      const answer = await ask(url, { method });
      expect([answer.status, answer.headers.allow]).toEqual([405, "GET, POST"]);
    },
  );

  test("a tunnel", async () => {
    const request = `CONNECT evil.example:80 HTTP/1.1\r\nHost: 127.0.0.1:${desk.port}\r\n\r\n`;
    expect(await askRaw(desk.port, request)).toMatch(/^HTTP\/1\.1 405 /);
  });

  test.each([
    ["GET", "api/finish", "POST"],
    ["GET", "api/stir", "POST"],
    ["POST", "api/view", "GET"],
  ])("%s of %s", async (method, path, allow) => {
    const answer = await (method === "GET" ? ask(url + path) : post(url + path, {}));
    expect([answer.status, answer.headers.allow]).toEqual([405, allow]);
  });

  test.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "text/plain; application/json",
    "",
  ])("a POST of %j, such as forms can make", async (type) => {
    const answer = await post(`${url}api/finish`, {}, { "content-type": type });
    expect([answer.status, codeOf(answer)]).toEqual([415, "content-type-wrong"]);
  });

  test("JSON of any character set is let in", async () => {
    const type = { "content-type": "Application/JSON; charset=utf-8" };
    expect((await post(`${url}api/finish`, {}, type)).status).toBe(200);
  });

  test("a body of more than 4 kB, with and without a length", async () => {
    const fits = `{"card":"SQB1:1"}${" ".repeat(4096 - 17)}`;
    expect((await post(`${url}api/begin`, fits)).status).toBe(200);
    const declared = await post(`${url}api/begin`, `${fits} `);
    expect([declared.status, codeOf(declared)]).toEqual([413, "input-too-large"]);
    const chunked = await post(`${url}api/begin`, `${fits} `, { "transfer-encoding": "chunked" });
    expect([chunked.status, codeOf(chunked)]).toEqual([413, "input-too-large"]);
  });
});

describe("a wrong token", () => {
  test("gets a page that says where to go, whatever it is and whatever is asked", async () => {
    const swapped = token[0] === "A" ? `B${token.slice(1)}` : `A${token.slice(1)}`;
    const paths = [
      "/",
      "/index.html",
      "/favicon.ico",
      `/${swapped}/`,
      `/${swapped}/api/view`,
      `/${token.slice(0, -1)}/`,
      `/${token}x/`,
      `/${token.toLowerCase()}${token.toLowerCase() === token ? "x" : ""}/`,
      "/AAAAAAAAAAAAAAAAAAAAAA/api/view",
      "/open",
      "/open/",
    ];
    const answers = await Promise.all(paths.map((path) => ask(desk.origin + path)));
    const posted = await post(`${desk.origin}/${swapped}/api/finish`, {});
    const [first] = answers;
    for (const word of ["saqbol desk", "Откройте", "ашыңыз", "Open the address"]) {
      expect(first!.text).toContain(word);
    }
    expect(first!.text).not.toMatch(/<(script|style|img|link)/);
    // Nobody can tell one kind of wrong from another.
    const seen = ({ status, headers, text }: Awaited<ReturnType<typeof ask>>) => {
      const { date, connection, "keep-alive": alive, ...rest } = headers;
      return { status, rest, text };
    };
    for (const each of [...answers, posted]) expect(seen(each)).toEqual(seen(first!));
    expect(first!.status).toBe(404);
  });

  test("keeps actions from the desk", async () => {
    const before = desk.host.asked.length;
    await post(`${desk.origin}/${"A".repeat(22)}/api/finish`, {});
    expect(desk.host.asked.length).toBe(before);
  });

  test("and a scan of the port learns that a desk is there, and no more", async () => {
    await post(`${url}api/begin`, { card: "SQB1:1" });
    const greetings = ["HELP\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00", "GET /\r\n\r\n"];
    const answers = await Promise.all(greetings.map((each) => askRaw(desk.port, each)));
    const page = await ask(`${desk.origin}/`);
    for (const text of [...answers, JSON.stringify(page.headers) + page.text]) {
      expect(text).not.toContain(token);
      expect(text).not.toMatch(/batteryPercent|node|hono|express|0\.1\.0/i);
    }
    await post(`${url}api/finish`, {});
  });
});

test("the server listens on 127.0.0.1 and on no other address", async () => {
  const reached = (host: string) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port: desk.port, host, timeout: 2000 });
      socket.on("connect", () => resolve(true)).on("connect", () => socket.destroy());
      socket.on("error", () => resolve(false));
      socket.on("timeout", () => resolve(false)).on("timeout", () => socket.destroy());
    });
  expect(await reached("127.0.0.1")).toBe(true);
  expect(listeningOn(desk.port)).toEqual(process.platform === "linux" ? ["0100007F"] : []);
  const others = Object.values(networkInterfaces()).flatMap((each) =>
    each!.map(({ address, family, scopeid }) =>
      family === "IPv6" && scopeid ? `${address}%${scopeid}` : address,
    ),
  );
  for (const host of ["127.0.0.2", "::1", ...others].filter((each) => each !== "127.0.0.1")) {
    expect([host, await reached(host)]).toEqual([host, false]);
  }
});

/** Addresses, as Linux writes them, on which anything listens at a port. */
function listeningOn(port: number): string[] {
  const hexPort = port.toString(16).toUpperCase().padStart(4, "0");
  return ["/proc/net/tcp", "/proc/net/tcp6"].filter(existsSync).flatMap((table) => {
    const rows = readFileSync(table, "utf8").split("\n").slice(1);
    // Local address, other address, state 0A: listening.
    const row = new RegExp(`^ *\\d+: ([0-9A-F]+):${hexPort} [0-9A-F:]+ 0A `);
    return rows.flatMap((each) => row.exec(each)?.[1] ?? []);
  });
}

describe("properties of the gate", () => {
  const own = ["Host", AUTHORITY, "Origin", `http://${AUTHORITY}`];

  test("no Host but the desk's own passes", () => {
    fc.assert(
      fc.property(fc.string(), (host) => {
        const refusal = refusalOf(
          { method: "GET", url: "/", rawHeaders: ["host", host] },
          AUTHORITY,
        );
        expect(refusal?.code).toBe(host === AUTHORITY ? undefined : "wrong-host");
      }),
    );
  });

  test("no header that is added lets a request pass that was refused", () => {
    const header = fc.tuple(
      fc.constantFrom("Host", "Origin", "Sec-Fetch-Site", "Content-Type", "X-Forwarded-Host"),
      fc.constantFrom(AUTHORITY, `http://${AUTHORITY}`, "same-origin", "application/json"),
    );
    fc.assert(
      fc.property(fc.array(header), fc.constantFrom("GET", "POST", "PUT"), (headers, method) => {
        const rawHeaders = ["Host", "evil.example", ...headers.flat()];
        expect(refusalOf({ method, url: "/", rawHeaders }, AUTHORITY)).toBeDefined();
        const foreign = [...own, "Origin", "http://evil.example", ...headers.flat()];
        expect(refusalOf({ method, url: "/", rawHeaders: foreign }, AUTHORITY)).toBeDefined();
      }),
    );
  });
});
