import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PAGE_DIRECTORY } from "../../../companion/desk-server/served-files.ts";
import { launchChromium, launchWithProfile, withoutChromium } from "./chromium.ts";
import { type ServedDesk, serveDesk } from "./rig.ts";

/** What a browser complains of. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

/** A script that runs in a page. */
const pageScript = (name: string): string =>
  readFileSync(new URL(`pages/${name}.js`, import.meta.url), "utf8");

const WITH_ICON = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Desk</title>
<link rel="icon" href="icon.svg" type="image/svg+xml"><script type="module" src="page.js"></script></html>`;

/** A page that draws the chart of the desk's page, by Observable Plot. */
async function chartPage(): Promise<Record<string, string>> {
  const code = `
    import { drawStrip } from "./companion/page/chart/draw-strip.ts";
    const days = [
      { date: "2026-05-20", minutes: 0, nearness: null },
      { date: "2026-05-21", minutes: 31, nearness: "near" },
    ];
    const words = { minutes: "m", today: "t", number: String, day: String, month: String };
    document.body.append(drawStrip(days, words, { width: 600, height: 200 }));`;
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: resolve(".") },
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
  });
  return { "page.js": outputFiles[0]!.text, "index.html": WITH_ICON };
}

/** A page that shows all of the desk's views, and has a field for a card. */
const SHOWING_ALL = `
  const field = document.createElement("input");
  field.autocomplete = "off";
  field.onchange = () => fetch("api/begin", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ card: field.value }),
  });
  const seen = document.createElement("pre");
  document.body.append(field, seen);
  new EventSource("api/view").addEventListener("view", ({ data }) => {
    seen.textContent = data;
  });`;

describe.skipIf(withoutChromium)("in Chromium", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe("the desk's own page", () => {
    let desk: ServedDesk;
    afterEach(() => desk.stop());

    test("the built page breaks no rule of the policy", async () => {
      desk = await serveDesk({ pageDirectory: PAGE_DIRECTORY });
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      await page.goto(desk.url);
      await page.locator("header").waitFor();
      await expect.poll(() => desk.host.watchers).toBe(1);
      expect(complaints).toEqual([]);
      await page.close();
      await expect.poll(() => desk.host.watchers).toBe(0);
    });

    test("the chart by Observable Plot breaks no rule of the policy", async () => {
      desk = await serveDesk({}, await chartPage());
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      await page.goto(desk.url);
      await page.locator("svg rect").nth(1).waitFor();
      expect(complaints).toEqual([]);
      await page.close();
    });

    test("the policy forbids what it is to forbid", async () => {
      desk = await serveDesk({}, { "page.js": pageScript("offender") });
      const page = await browser.newPage();
      await page.goto(desk.url);
      expect(JSON.parse((await page.locator("pre").textContent())!)).toEqual({
        violations: [
          "base-uri",
          "connect-src",
          "frame-src",
          "img-src",
          "require-trusted-types-for",
          "style-src-attr",
          "style-src-elem",
          "trusted-types",
        ],
        ran: false,
      });
      await page.close();
    });

    test("the one-time address leads to the page, and is not what the browser shows", async () => {
      desk = await serveDesk();
      const page = await browser.newPage();
      const opening = desk.server.openingUrl();
      await page.goto(opening);
      await page.getByText("drawn").waitFor();
      expect(page.url()).toBe(desk.url);
      const late = await browser.newPage();
      await late.goto(opening);
      await late.getByText("Open the address that saqbol desk shows.").waitFor();
      await page.close();
      await late.close();
    });

    test("the camera can be used, and neither microphone nor place", async () => {
      desk = await serveDesk();
      const seeing = await launchChromium(
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
      );
      const page = await seeing.newPage();
      await page.goto(desk.url);
      const got = await page.evaluate(`(async () => {
        const { mediaDevices, geolocation } = navigator;
        const video = document.createElement("video");
        video.srcObject = await mediaDevices.getUserMedia({ video: true });
        await video.play();
        return [
          video.videoWidth > 0,
          await mediaDevices.getUserMedia({ audio: true }).catch(({ name }) => name),
          await new Promise((resolve) =>
            geolocation.getCurrentPosition(resolve, ({ code }) => resolve(code)),
          ),
        ];
      })()`);
      expect(got).toEqual([true, "NotAllowedError", 1]);
      await seeing.close();
    });
  });

  test("a page that was told the end does not come back, whoever listens on the port then", async () => {
    const desk = await serveDesk({ pageDirectory: PAGE_DIRECTORY });
    const page = await browser.newPage();
    await page.goto(desk.url);
    await expect.poll(() => desk.host.watchers).toBe(1);
    // One that is not told connects again after some seconds.
    const careless = await browser.newPage();
    await careless.goto(`${desk.origin}/`);
    await careless.evaluate(
      `void new EventSource(${JSON.stringify(`${desk.url}api/view?careless`)})`,
    );
    await expect.poll(() => desk.host.watchers).toBe(2);
    await desk.stop();

    const asking: string[] = [];
    const stranger = createServer((request, response) => {
      asking.push(request.url!);
      response.destroy();
    });
    await new Promise<void>((done) => stranger.listen(desk.port, "127.0.0.1", done));
    await page.locator(".notice").waitFor();
    await expect.poll(() => asking.length, { timeout: 30_000 }).toBeGreaterThan(1);
    expect(asking.filter((url) => !url.endsWith("?careless"))).toEqual([]);
    await page.close();
    await careless.close();
    stranger.closeAllConnections();
    stranger.close();
  });

  describe("a page of another origin, even if it knew the token,", () => {
    let desk: ServedDesk;
    let stranger: Server;
    let port: number;
    beforeAll(async () => {
      desk = await serveDesk();
      stranger = createServer((_, response) => {
        response.setHeader("content-type", "text/html");
        response.end(`<!doctype html><body><script>${pageScript("stranger")}</script>`);
      });
      await new Promise<void>((resolve) => stranger.listen(0, resolve));
      ({ port } = stranger.address() as AddressInfo);
    });
    afterAll(async () => {
      stranger.closeAllConnections();
      stranger.close();
      await desk.stop();
    });

    describe.each(["127.0.0.1", "localhost"])("on %s", (name) => {
      let page: Page;
      let answers: number[];
      beforeAll(async () => {
        page = await browser.newPage();
        page.on("response", (response) => {
          if (response.url().startsWith(desk.origin)) answers.push(response.status());
        });
        await page.goto(`http://${name}:${port}/`);
      });
      afterAll(() => page.close());
      afterEach(() => {
        // Neither asked for anything, nor saw anything.
        expect(desk.host.asked).toEqual([]);
        expect(desk.host.stirred + desk.host.watchers).toBe(0);
      });

      /** What the stranger's page can tell of an attempt, and the statuses of the desk's answers. */
      async function attempt(name: string): Promise<[unknown, number[]]> {
        answers = [];
        const result = await page.evaluate(`attempts.${name}(${JSON.stringify(desk.url)})`);
        return [result, answers];
      }

      test("cannot read", async () => {
        expect((await attempt("read"))[0]).toBe("");
      });

      test("cannot post", async () => {
        expect((await attempt("post"))[0]).toEqual([0, 0, 0, 0]);
      });

      test("cannot post a form", async () => {
        expect((await attempt("postForm"))[1]).toEqual([403]);
      });

      test("cannot frame", async () => {
        expect((await attempt("frame"))[1]).toEqual([403]);
        for (const frame of page.frames()) expect(await frame.content()).not.toContain("drawn");
      });

      test("cannot open an EventSource", async () => {
        expect((await attempt("watch"))[0]).toBe("error");
      });

      test("cannot load scripts, pictures or styles", async () => {
        expect((await attempt("load"))[0]).toEqual(Array(4).fill("error"));
      });

      test("cannot open it as a window", async () => {
        const [opened] = await Promise.all([page.waitForEvent("popup"), attempt("open")]);
        await opened.waitForLoadState();
        expect(await opened.content()).toContain("wrong-site");
        await opened.close();
      });

      test("cannot open a WebSocket", async () => {
        expect((await attempt("connect"))[0]).toBe("error");
      });
    });
  });

  test("a name that was made to resolve to this computer is refused (DNS rebinding)", async () => {
    const desk = await serveDesk();
    const rebound = await launchChromium("--host-resolver-rules=MAP evil.example 127.0.0.1");
    const page = await rebound.newPage();
    const evil = `http://evil.example:${desk.port}`;
    const first = await page.goto(`${evil}/`);
    expect(first!.status()).toBe(403);
    const path = JSON.stringify(new URL(desk.url).pathname);
    const answers = await page.evaluate(`(async () => {
      const headers = { "content-type": "application/json" };
      const sent = await Promise.all([
        fetch(${path}),
        fetch(${path} + "api/view"),
        fetch(${path} + "api/finish", { method: "POST", headers, body: "{}" }),
      ]);
      return Promise.all(sent.map(async (each) => [each.status, (await each.json()).error.code]));
    })()`);
    expect(answers).toEqual(Array(3).fill([403, "wrong-host"]));
    expect(desk.host.asked).toEqual([]);
    await rebound.close();
    await desk.stop();
  });

  describe("what the browser keeps", () => {
    const [card, sentence] = ["SQB1:CARDOFNOBODY", "sentence-of-a-failure"];
    const inViews = [sentence, "batteryPercent", "clockErrorSeconds"];
    let profile: string;
    let other: Server;
    beforeAll(async () => {
      other = createServer((_, response) => {
        response.setHeader("content-type", "text/html");
        response.setHeader("cache-control", "max-age=3600");
        response.end("<!doctype html>may-be-cached <input>");
      });
      await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    });
    beforeEach(() => {
      profile = mkdtempSync(join(tmpdir(), "saqbol-profile-"));
    });
    afterEach(() => rmSync(profile, { recursive: true, force: true }));
    afterAll(() => {
      other.closeAllConnections();
      other.close();
    });

    /** A visit to another page, which may be kept, and then one to the desk. */
    async function browse(desk: ServedDesk, visit: (page: Page) => Promise<void>): Promise<void> {
      const context = await launchWithProfile(profile);
      const page = await context.newPage();
      await page.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
      await page.locator("input").fill("may-be-typed");
      await page.goto(desk.server.openingUrl());
      await visit(page);
      await page.reload();
      await page.goto("about:blank");
      await page.goBack();
      await page.locator("input").first().waitFor();
      await context.close();
      await desk.stop();
      expect(desk.host.asked[0]).toEqual({ action: "begin", input: { card } });
      // The search finds what the browser does keep, or it would prove nothing.
      for (const text of ["may-be-cached", "may-be-typed"]) {
        expect([text, filesWith(profile, text)]).not.toEqual([text, []]);
      }
    }

    test("is nothing of a visit, even of a page that shows all of it", async () => {
      const desk = await serveDesk({}, { "page.js": SHOWING_ALL });
      await browse(desk, async (page) => {
        await page.locator("input").fill(card);
        await page.locator("input").blur();
        await page.getByText("batteryPercent").waitFor();
        desk.host.change({ failure: { action: "check", code: "link-lost", message: sentence } });
        await page.getByText(sentence).waitFor();
      });
      for (const text of [card, ...inViews]) {
        expect([text, filesWith(profile, text)]).toEqual([text, []]);
      }
    });

    test("is nothing of a card that was scanned into the built page", async () => {
      const desk = await serveDesk({ pageDirectory: PAGE_DIRECTORY });
      await browse(desk, async (page) => {
        await page.locator("input[type=text]").first().fill(card);
        await page.keyboard.press("Enter");
        // It checks the token at once.
        await expect.poll(() => desk.host.view.visit?.check).toBeTruthy();
        await desk.host.finish({});
      });
      for (const text of [card, ...inViews]) {
        expect([text, filesWith(profile, text)]).toEqual([text, []]);
      }
    });
  });
});

/** Files below a directory that contain a text, in UTF-8 or UTF-16. */
function filesWith(directory: string, text: string): string[] {
  const needles = [Buffer.from(text), Buffer.from(text, "utf16le")];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const content = readFileSync(path);
      return needles.some((needle) => content.includes(needle));
    });
}
