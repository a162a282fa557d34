import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { afterEach, expect, test } from "vitest";
import { LANGUAGES } from "../../companion/languages.ts";
import { type PanelWords, WORDS } from "../../simulator/desk-demo/panel/words.ts";
import { axe } from "../support/browser/axe.ts";
import { collectComplaints } from "../support/browser/complaints.ts";
import { inBrowser } from "../support/browser/in-each-language.ts";
import { LANGUAGE_NAMES, wordsOf } from "../support/browser/messages.ts";
import { shot } from "../support/browser/shot.ts";

const say = wordsOf("ru");
const words: PanelWords = WORDS.ru;

interface Running {
  readonly process: ChildProcess;
  readonly url: string;
  /** Where it keeps what it needs. */
  readonly directory: string;
}

let running: Running | undefined;
afterEach(() => {
  running?.process.kill("SIGKILL");
  if (running) rmSync(running.directory, { recursive: true, force: true });
  running = undefined;
});

/** Runs what `npm run desk:demo` does once it is built. */
async function start(): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), "saqbol-demo-test-"));
  const demo = spawn(
    process.execPath,
    ["dist/simulator/desk-demo/main.js", "--no-open", "--json"],
    { env: { ...process.env, TMPDIR: directory }, stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface({ input: demo.stdout })) {
    const told = JSON.parse(line) as { event: string; url?: string };
    if (told.event === "ready") return { process: demo, url: told.url!, directory };
  }
  throw new Error("the demonstration has ended");
}

inBrowser((browser) => {
  async function openPage(): Promise<{ page: Page; complaints: readonly string[] }> {
    running = await start();
    const page = await browser().context.newPage();
    const complaints = collectComplaints(page);
    await page.goto(running.url);
    await page.getByText(LANGUAGE_NAMES.ru, { exact: true }).click();
    await page.getByRole("heading", { name: words.title, exact: true }).waitFor();
    return { page, complaints };
  }

  test("a newcomer checks A, shares for B, and finds B when A is checked again", async () => {
    const { page, complaints } = await openPage();
    const token = (name: "A" | "B") => page.getByRole("region", { name: words.token(name) });
    const serve = async (name: "A" | "B"): Promise<void> => {
      await token(name)
        .getByRole("button", { name: words.scanCard(name) })
        .click();
      await token(name).getByRole("button", { name: words.button.hold }).click();
    };
    const press = (key: string): Promise<void> =>
      page
        .getByRole("main")
        .getByRole("button", { name: say(key), exact: true })
        .click();
    const heading = (key: string): Promise<void> =>
      page.getByRole("heading", { name: say(key), exact: true }).waitFor();
    const go = (key: string): Promise<void> =>
      page
        .getByRole("banner")
        .getByRole("button", { name: say(key), exact: true })
        .click();
    const meetings = async (): Promise<number> => {
      const rows = page.getByRole("table").getByRole("row");
      return (await rows.filter({ hasNotText: say("visit.noMeeting") }).count()) - 1;
    };

    await serve("A");
    await token("A").getByRole("img", { name: words.lights.blue }).waitFor();
    await shot(page, "ru", "demo-searching", false);
    await heading("visit.resultTitle");
    await shot(page, "ru", "demo-result", false);
    expect(await meetings()).toBe(3);
    await go("shell.nextWearer");
    await heading("visit.startTitle");

    await go("shell.testResult");
    await page.getByRole("button", { name: words.scanSlip(words.slip.positive) }).click();
    await press("test.lookUp");
    await heading("test.positiveTitle");
    await serve("B");
    await heading("test.consentTitle");
    await press("test.agree");
    await heading("test.publishedTitle");
    await shot(page, "ru", "demo-published", false);
    await go("shell.nextWearer");
    await heading("visit.startTitle");

    await serve("A");
    await heading("visit.resultTitle");
    expect(await meetings()).toBe(5);
    expect(complaints).toEqual([]);
    await page.close();
  }, 120_000);

  test("a token from the drawer is switched on with its wearer's consent", async () => {
    const { page, complaints } = await openPage();
    const token = page.getByRole("region", { name: words.token("B") });
    await token.getByRole("button", { name: words.replace }).click();
    await token.getByText(words.story.new).waitFor();
    await token.getByRole("button", { name: words.scanCard("B") }).click();
    await token.getByRole("button", { name: words.button.hold }).click();
    await page.getByRole("heading", { name: say("visit.consentTitle"), exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("the panel speaks the page's language, is accessible, and says what it is", async () => {
    const { page, complaints } = await openPage();
    for (const language of LANGUAGES) {
      await page.getByText(LANGUAGE_NAMES[language], { exact: true }).click();
      const { title } = WORDS[language];
      await page.getByRole("heading", { name: title, exact: true }).waitFor();
      await shot(page, language, "demo-start", false);
      expect(await axe(page)).toEqual([]);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test("Ctrl-C ends it, and leaves nothing behind", async () => {
    const demo = await start();
    running = demo;
    const ended = once(demo.process, "exit");
    demo.process.kill("SIGINT");
    expect(await ended).toEqual([0, null]);
    expect(readdirSync(demo.directory)).toEqual([]);
  });
});
