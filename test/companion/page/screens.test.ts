import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type DeskServer, startDeskServer } from "../../../companion/desk-server/desk-server.ts";
import { PAGE_DIRECTORY } from "../../../companion/desk-server/served-files.ts";
import { encodeCardCode } from "../../../companion/provisioning/card-code.ts";
import { launchChromium, withoutChromium } from "../desk-server/chromium.ts";
import { ScriptedHost } from "./scripted-host.ts";

const CARD = encodeCardCode({ serial: 17, key: new Uint8Array(16).fill(0xab) });

/** A browser's voices and what they were told to read, in place of the computer's. */
const VOICES = `
  const voices = [
    { voiceURI: "far", lang: "en-US", localService: false, default: true },
    { voiceURI: "near", lang: "en-GB", localService: true, default: false },
  ];
  globalThis.spoken = [];
  let queue = [];
  globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(globalThis, "speechSynthesis", { value: Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak: (utterance) => {
      spoken.push([utterance.voice.voiceURI, utterance.text]);
      queue.push(utterance);
      if (queue.length === 1) utterance.onstart?.();
    },
    cancel: () => {
      const dropped = queue;
      queue = [];
      setTimeout(() => { for (const each of dropped) each.onerror?.({ error: "canceled" }); });
    },
    next: () => {
      queue.shift().onend?.();
      queue[0]?.onstart?.();
    },
  }) });`;

describe.skipIf(withoutChromium)("the page's screens", () => {
  let browser: Browser;
  let server: DeskServer;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.close();
    await server.close();
  });

  async function open(host: ScriptedHost): Promise<void> {
    server = await startDeskServer(host, { pageDirectory: PAGE_DIRECTORY });
    page = await browser.newPage({ locale: "en" });
    await page.addInitScript(VOICES);
    await page.goto(server.url);
  }
  const press = (name: string | RegExp) => page.getByRole("button", { name }).click();
  const toTest = async () => {
    await press(/^Test result$/);
    await page.locator("input:focus").waitFor();
  };
  const scan = async () => {
    await page.locator(".card-field input:focus").waitFor();
    await page.keyboard.type(CARD);
  };
  const code = () => page.getByLabel("Code on the laboratory's slip");
  const publish = async () => press("The wearer agrees: publish");

  describe("a test's code", () => {
    test("is grouped as it is typed, and corrected as one thinks it is", async () => {
      const host = new ScriptedHost();
      await open(host);
      await toTest();
      await page.keyboard.type("0123456");
      await expect.poll(() => code().inputValue()).toBe("012 345 6");
      await page.keyboard.press("Backspace");
      await page.keyboard.press("Backspace");
      await page.keyboard.press("Home");
      await page.keyboard.press("Delete");
      await page.keyboard.type("9");
      await expect.poll(() => code().inputValue()).toBe("912 34");
    });

    test("that a scanner types under a Kazakh layout is understood, and its Enter sends it", async () => {
      const host = new ScriptedHost();
      host.result = "negative";
      await open(host);
      await toTest();
      const row = 'қ"әің,ғ.үұ'.split("");
      const places = [0, 1, 2, 3, 4, 6, 5, 7, 8, 9];
      for (const [index, place] of places.entries()) {
        await code().dispatchEvent("keydown", { code: `Digit${place}`, key: row[index] });
      }
      await expect.poll(() => code().inputValue()).toBe("012 346 5789");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "The test is negative" }).waitFor();
      expect(host.inputs("lookUp")).toEqual([{ code: "0123465789" }]);
    });

    test("is not sent before it is whole, and says how much is missing", async () => {
      const host = new ScriptedHost();
      await open(host);
      await toTest();
      await page.keyboard.type("01234567");
      await press("Ask for the result");
      await page.getByRole("alert").getByText("2 digits are missing.").waitFor();
      expect(host.inputs("lookUp")).toEqual([]);
    });

    test("that nobody knows stays there to be corrected", async () => {
      const host = new ScriptedHost();
      host.failures.push("code-unknown");
      await open(host);
      await toTest();
      await page.keyboard.type("0123456789\n");
      await page.getByRole("heading", { name: "This code was not found" }).waitFor();
      expect(await code().inputValue()).toBe("012 345 6789");
    });

    test("is gone with the screen, and no result is in the window's title", async () => {
      const host = new ScriptedHost();
      await open(host);
      await toTest();
      await page.keyboard.type("0123456789\n");
      await page.getByText("Code 012 345 6789").waitFor();
      expect(await page.title()).toBe("Test result · Saqbol desk");
      await press("Visit");
      await press(/^Test result$/);
      await page.getByRole("heading", { name: "The test is positive" }).waitFor();
      expect(await page.content()).not.toContain("012 345");
    });
  });

  describe("sharing", () => {
    async function toConsent(host: ScriptedHost): Promise<void> {
      await open(host);
      await toTest();
      await page.keyboard.type("0123456789\n");
      await scan();
      await page.getByRole("heading", { name: "Does the wearer agree?" }).waitFor();
    }

    test("asks for the card after a positive test, then for the consent, and publishes", async () => {
      const host = new ScriptedHost();
      await toConsent(host);
      await publish();
      await page.getByText("14 keys of the token were published.").waitFor();
      expect(host.inputs("share")).toEqual([{}]);
    });

    test("sends what else was answered, again after a failure, and publishes once", async () => {
      const host = new ScriptedHost();
      await toConsent(host);
      host.failures.push("link-lost");
      await page.getByText("Symptoms and travel").click();
      await page.getByLabel("First day of symptoms").selectOption({ index: 3 });
      await page.getByLabel("The wearer was away").check();
      await publish();
      await page.getByRole("heading", { name: "Nothing was published" }).waitFor();
      await press("Try again");
      await page.getByText("14 keys").waitFor();
      const [first, second] = host.inputs("share");
      expect(first).toMatchObject({
        symptomOnset: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        traveler: true,
      });
      expect(second).toEqual(first);
      expect(host.inputs("share")).toHaveLength(2);
    });

    test("does nothing without consent, and can be decided otherwise", async () => {
      const host = new ScriptedHost();
      await toConsent(host);
      await press("The wearer does not agree");
      await page.getByRole("heading", { name: "Nothing was published" }).waitFor();
      expect(host.inputs("share")).toEqual([]);
      await press("Ask the wearer again");
      await publish();
      await page.getByText("14 keys").waitFor();
    });

    test("asks for the day of an earlier visit when its keys are met", async () => {
      const host = new ScriptedHost();
      await toConsent(host);
      host.failures.push("keys-already-published");
      await publish();
      const select = page.getByLabel("Day of the earlier visit");
      await select.selectOption({ index: 4 });
      const since = await select.inputValue();
      await press("Publish from this day on");
      await page.getByText("14 keys").waitFor();
      expect(host.inputs("share").at(-1)).toEqual({ since });
    });

    test("that may have come through leads to another look-up, not to another publication", async () => {
      const host = new ScriptedHost();
      await toConsent(host);
      host.failures.push("publish-unconfirmed");
      await publish();
      await page.getByRole("heading", { name: "It is not certain" }).waitFor();
      expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
      await press("Look the code up again");
      expect(await code().inputValue()).toBe("");
    });

    test("with a health authority's code needs that code and no look-up", async () => {
      const host = new ScriptedHost({ testResults: false, publishing: "verification-code" });
      await open(host);
      await toTest();
      await scan();
      await publish();
      await page.getByRole("alert").getByText("Enter the code first.").waitFor();
      await page.getByLabel("Code of the health authority").fill("ab12 cd-34");
      await publish();
      await page.getByText("14 keys").waitFor();
      expect(host.inputs("share")).toEqual([{ code: "ab12cd34" }]);
      expect(host.inputs("lookUp")).toEqual([]);
    });
  });

  test("a health authority's code can be chosen where tests are looked up, too", async () => {
    const host = new ScriptedHost({ publishing: "verification-code" });
    await open(host);
    await toTest();
    await press("The wearer has a code of the health authority");
    await scan();
    await page.getByLabel("Code of the health authority").fill("12345678");
    await publish();
    await page.getByText("14 keys").waitFor();
    await page.getByText("the code is used up").waitFor();
  });

  describe("the wearer's choices", () => {
    async function toChoices(host: ScriptedHost): Promise<void> {
      await open(host);
      await scan();
      await press("Wearer's choices");
      await page.getByRole("heading", { name: "The wearer's choices" }).waitFor();
    }

    test("erase nothing when the same key is pressed twice", async () => {
      const host = new ScriptedHost();
      await toChoices(host);
      await page.getByRole("button", { name: "Take the consent back" }).focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Space");
      expect(await page.getByRole("dialog").count()).toBe(1);
      await page.keyboard.press("Escape");
      await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
      expect(host.inputs("erase")).toEqual([]);
      await page.locator(":focus").getByText("Take the consent back").waitFor();
    });

    test.each([
      ["Take the consent back", "off"],
      ["Erase and start over", "on"],
    ])("%s erases, and leaves the token %s", async (name, afterwards) => {
      const host = new ScriptedHost();
      await toChoices(host);
      await press(new RegExp(name));
      await press("Yes, erase everything");
      await expect.poll(() => host.inputs("erase")).toEqual([{ afterwards }]);
      await page.getByRole("status").getByText("Done:").waitFor();
    });
  });

  describe("a card that no screen waits for", () => {
    const OTHER = encodeCardCode({ serial: 18, key: new Uint8Array(16).fill(0xcd) });
    const cards = (host: ScriptedHost) => host.inputs("begin").map((input) => Object.values(input));
    async function toResult(host: ScriptedHost): Promise<void> {
      await open(host);
      await scan();
      await page.getByRole("heading", { name: "Result of the check" }).waitFor();
    }

    test.each(["Wearer's choices", "Information", "Test result"])(
      "begins the next visit, also from behind the button %s",
      async (name) => {
        const host = new ScriptedHost();
        await toResult(host);
        await page.getByRole("button", { name, exact: true }).click();
        await page.keyboard.type(OTHER);
        await page.keyboard.press("Enter");
        await expect.poll(() => cards(host)).toEqual([[CARD], [OTHER]]);
        await page.getByRole("heading", { name: "Result of the check" }).waitFor();
      },
    );

    test("presses nothing, nor does anything else that a scanner reads", async () => {
      const host = new ScriptedHost();
      await toResult(host);
      for (const scanned of [OTHER, "0123456789"]) {
        await page.getByRole("main").getByRole("button", { name: "Next wearer" }).focus();
        await page.keyboard.type(scanned);
        await page.keyboard.press("Enter");
        await page.getByRole("heading", { name: "Result of the check" }).waitFor();
      }
      expect(host.inputs("finish")).toEqual([]);
    });

    test("is no answer to the question whether all is to be erased", async () => {
      const host = new ScriptedHost();
      await toResult(host);
      await press("Wearer's choices");
      await press(/^Take the consent back/);
      await page.getByRole("button", { name: "Yes, erase everything" }).focus();
      await page.keyboard.type(OTHER);
      await page.keyboard.press("Enter");
      expect(await page.getByRole("dialog").count()).toBe(1);
      expect(host.inputs("erase")).toEqual([]);
      expect(cards(host)).toEqual([[CARD]]);
    });

    test("that was misread leaves the result, and says so", async () => {
      const host = new ScriptedHost();
      await toResult(host);
      const failure = { action: "begin", code: "card-code-malformed", message: "" } as const;
      host.change({ failure });
      await page.getByRole("alert").getByText("Scan the card again.").waitFor();
      await page.getByRole("heading", { name: "High risk" }).waitFor();
      expect(await page.getByRole("button", { name: "Try again" }).count()).toBe(0);
    });
  });

  test("a test's code where a card is wanted is told from a card, and leads to the test", async () => {
    const host = new ScriptedHost();
    await open(host);
    await page.locator(".card-field input:focus").waitFor();
    await page.keyboard.type("0123456789\n");
    await page.getByRole("alert").getByText("This looks like the code of a test").waitFor();
    expect(host.inputs("begin")).toEqual([]);
    await press("Open “Test result”");
    await code().waitFor();
    expect(await code().inputValue()).toBe("");
    await press("Visit");
    await scan();
    await page.getByRole("heading", { name: "Result of the check" }).waitFor();
  });

  test("a result is read out with the heading that gets the focus", async () => {
    await open(new ScriptedHost());
    await scan();
    const heading = page.getByRole("heading", { name: "Result of the check" });
    await heading.waitFor();
    await expect.poll(() => heading.evaluate((each) => each.matches(":focus"))).toBe(true);
    const summary = await heading.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${summary}"]`).innerText()).toContain("High risk");
  });

  test("a token that hung, or whose radio failed, says so beside its other facts", async () => {
    const host = new ScriptedHost();
    await open(host);
    await scan();
    await page.getByRole("heading", { name: "Result of the check" }).waitFor();
    const facts = page.getByRole("region", { name: "Token" });
    expect(await facts.innerText()).not.toContain("Faults");
    const { visit } = host.view;
    const status = { ...visit!.status!, restarts: 255, failures: 1 };
    host.change({ visit: { ...visit!, status } });
    await facts.getByText("restarted itself 255 times or more, because it hung").waitFor();
    await facts.getByText("radio or memory failed once since it was started").waitFor();
    await facts.getByText("If there are more at each visit, hand out another token.").waitFor();
  });

  test("a test that was looked up is there when the page is loaded again, and before a card is scanned", async () => {
    await open(new ScriptedHost());
    await toTest();
    await page.keyboard.type("0123456789");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "The test is positive" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "The test is positive" }).waitFor();
    await press("Back");
    await page.getByText("Scan the card of the same person").waitFor();
  });

  describe("information and reading aloud", () => {
    const spoken = () => page.evaluate("spoken") as Promise<[string, string][]>;

    test("information calls for nothing, and loses no visit", async () => {
      const host = new ScriptedHost();
      await open(host);
      await scan();
      await page.getByRole("button", { name: "Wearer's choices" }).waitFor();
      await expect.poll(() => host.inputs("check").length).toBe(1);
      const before = host.asked.length;
      await press("Information");
      await page.getByRole("heading", { name: "Your data" }).waitFor();
      await page.getByRole("link", { name: "Help" }).click();
      await press("Visit");
      await page.getByRole("button", { name: "Wearer's choices" }).waitFor();
      expect(host.asked.length).toBe(before);
    });

    test("only a voice of this computer reads, and the paragraph being read is marked", async () => {
      await open(new ScriptedHost());
      await press("Information");
      await page.getByRole("button", { name: "Read aloud" }).first().click();
      await expect.poll(() => spoken()).toHaveLength(5);
      const texts = await spoken();
      expect(new Set(texts.map(([voice]) => voice))).toEqual(new Set(["near"]));
      const marked = page.locator("[data-read]");
      expect(await marked.textContent()).toBe(texts[0]![1]);
      await page.evaluate("speechSynthesis.next()");
      expect(await marked.textContent()).toBe(texts[1]![1]);
    });

    test("one text is read at a time, and none in another language or when it is gone", async () => {
      await open(new ScriptedHost());
      await press("Information");
      const stop = page.getByRole("button", { name: "Stop reading" });
      const marked = page.locator("[data-read]");
      await page.getByRole("button", { name: "Read aloud" }).first().click();
      await stop.waitFor();
      await page.getByRole("button", { name: "Read aloud" }).first().click();
      await expect
        .poll(() => marked.allTextContents())
        .toEqual([expect.stringContaining("No name")]);
      await expect.poll(() => stop.count()).toBe(1);
      await page.getByText("Қазақша").click();
      await page.getByText("Бұл компьютерде қазақ тіліне арналған дауыс жоқ.").waitFor();
      await expect.poll(() => marked.count()).toBe(0);
      await page.getByText("English").click();
      await page.getByRole("button", { name: "Read aloud" }).first().waitFor();
      expect(await stop.count()).toBe(0);
    });
  });
});
