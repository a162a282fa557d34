import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { encodeCardCode } from "../../../companion/provisioning/card-code.ts";
import { launchChromium, withoutChromium } from "../desk-server/chromium.ts";
import { type ServedDesk, serveDesk } from "../desk-server/rig.ts";
import { filmOf } from "./y4m.ts";

const CARD = encodeCardCode({ serial: 17, key: new Uint8Array(16).fill(0xab) });

// The camera alone, which says what it has seen, and goes away when it is closed.
const PAGE = `
  import { render } from "preact";
  import { CardCamera } from "./companion/page/parts/card-camera.tsx";
  import { loadWords, WordsProvider } from "./companion/page/words.tsx";
  const words = await loadWords("en");
  const say = (text) => render(<p>{text}</p>, document.body);
  render(
    <WordsProvider value={words}>
      <CardCamera onCode={(code) => say("seen " + code)} onClose={() => say("closed")} />
    </WordsProvider>,
    document.body,
  );`;

/** Counts the camera's tracks that still run. */
const COUNT_TRACKS = `
  globalThis.tracks = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wish) => {
    const stream = await open(wish);
    tracks.push(...stream.getTracks());
    return stream;
  };`;
const RUNNING = "tracks.filter((track) => track.readyState === 'live').length";

describe.skipIf(withoutChromium)("the card's camera", () => {
  let directory: string;
  let files: Record<string, string>;
  let desk: ServedDesk;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "saqbol-film-"));
    const { outputFiles } = await build({
      stdin: {
        contents: PAGE,
        resolveDir: join(import.meta.dirname, "../../.."),
        loader: "tsx",
      },
      bundle: true,
      splitting: true,
      format: "esm",
      target: "es2022",
      jsx: "automatic",
      jsxImportSource: "preact",
      entryNames: "page",
      outdir: directory,
      write: false,
    });
    files = Object.fromEntries(
      outputFiles.map(({ path, text }) => [path.slice(directory.length + 1), text]),
    );
  });
  afterEach(() => desk.stop());
  afterAll(() => rmSync(directory, { recursive: true }));

  /** Opens the page with a camera that shows the code of a text. */
  async function open(text: string, ...more: string[]) {
    const film = join(directory, "film.y4m");
    writeFileSync(film, filmOf(text));
    desk = await serveDesk({}, files);
    const browser = await launchChromium(
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${film}`,
      ...more,
    );
    const page = await browser.newPage();
    await page.addInitScript(COUNT_TRACKS);
    await page.goto(desk.url);
    return { browser, page };
  }

  test("reads a card, and is off then", async () => {
    const { browser, page } = await open(CARD, "--use-fake-ui-for-media-stream");
    await page.getByText(`seen ${CARD}`).waitFor();
    await expect.poll(() => page.evaluate(RUNNING)).toBe(0);
    await browser.close();
  });

  test("takes no other code for a card, and is off when it is closed", async () => {
    const { browser, page } = await open(
      "https://example.com/menu",
      "--use-fake-ui-for-media-stream",
    );
    await page.getByText("Keep the square code").waitFor();
    const played = "document.querySelector('video').currentTime";
    await expect.poll(() => page.evaluate(played)).toBeGreaterThan(0.5);
    expect(await page.evaluate(RUNNING)).toBe(1);
    await page.getByRole("button", { name: "Close" }).click();
    await page.getByText("closed").waitFor();
    await expect.poll(() => page.evaluate(RUNNING)).toBe(0);
    await browser.close();
  });

  test("says what to do when the browser refuses it", async () => {
    const { browser, page } = await open(CARD, "--deny-permission-prompts");
    await page.getByRole("alert").getByText("does not let this page use the camera").waitFor();
    await browser.close();
  });

  test("says what to do when there is none", async () => {
    desk = await serveDesk({}, files);
    const browser = await launchChromium("--use-fake-ui-for-media-stream");
    const page = await browser.newPage();
    await page.goto(desk.url);
    await page.getByRole("alert").getByText("There is no camera").waitFor();
    await browser.close();
  });
});
