/**
 * A desk for a test in a real browser: companion, HTTP and key server are the real ones, and the tokens run the bundle. Time in the
 * world passes ten times as fast as on the wall.
 *
 * @module
 */

import type { BrowserContext, Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Language } from "../../../companion/languages.ts";
import type { TokenStatus } from "../../../companion/token/token-client.ts";
import { atDesk } from "../../../simulator/at-desk.ts";
import type { DemoSlip, TokenName } from "../../../simulator/desk-demo/demo-state.ts";
import { type DeskDemo, openDeskDemo } from "../../../simulator/desk-demo/desk-demo.ts";
import type { DeskWorld } from "../../../simulator/desk-demo/desk-world.ts";
import type { CallFaults } from "../../../simulator/desk-demo/prompt-server.ts";
import { slipCode } from "../../../simulator/desk-demo/slips.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { axe } from "./axe.ts";
import { collectComplaints } from "./complaints.ts";
import { failureWords, LANGUAGE_NAMES, type Say, type Values, wordsOf } from "./messages.ts";
import { shot } from "./shot.ts";
import { type KeyboardLayout, typeAsScanner } from "./type-as-scanner.ts";

/** Monday, 2026-11-23, 15:00 in Almaty. */
export const AFTERNOON = Date.UTC(2026, 10, 23, 10) / 1000;
const SPEED = 10;
const HOLD_SECONDS = 3.5;
/** Milliseconds in which whatever a test waits for has come. */
const PATIENCE = 15_000;

/** What a test wants otherwise. */
export interface BedOptions {
  readonly panel?: boolean;
  /** What was done with the tokens before the desk opens. */
  readonly before?: (world: DeskWorld) => Promise<void>;
  /** What goes wrong from the beginning on. */
  readonly faults?: CallFaults & LinkFaults;
  /** Keeps no pictures, and looks at no screen. */
  readonly unseen?: boolean;
}

/** See the module's description. */
export class DeskBed {
  readonly page: Page;
  readonly language: Language;
  /** The words of that language. */
  readonly say: Say;
  readonly world: DeskWorld;
  /** What goes wrong from now on. */
  readonly faults: CallFaults & LinkFaults;
  readonly #demo: DeskDemo;
  readonly #complaints: readonly string[];
  readonly #unseen: boolean;

  private constructor(
    page: Page,
    language: Language,
    demo: DeskDemo,
    faults: CallFaults & LinkFaults,
    unseen: boolean,
  ) {
    this.page = page;
    this.language = language;
    this.say = wordsOf(language);
    this.world = demo.world;
    this.faults = faults;
    this.#demo = demo;
    this.#complaints = collectComplaints(page);
    this.#unseen = unseen;
  }

  /** Opens a desk, and its page in a new tab, in a language. */
  static async open(
    context: BrowserContext,
    language: Language,
    { panel = false, before, faults = {}, unseen = false }: BedOptions = {},
  ): Promise<DeskBed> {
    const demo = await openDeskDemo({ now: AFTERNOON, speed: SPEED, panel, faults, before });
    const bed = new DeskBed(await context.newPage(), language, demo, faults, unseen);
    bed.page.setDefaultTimeout(PATIENCE);
    await bed.page.clock.setFixedTime(AFTERNOON * 1000);
    await bed.page.goto(demo.server.openingUrl());
    await bed.speak(language);
    return bed;
  }

  /** The page's address as long as the desk runs. */
  get url(): string {
    return this.#demo.server.url;
  }

  /** Chooses a language. */
  async speak(language: Language): Promise<void> {
    await this.page.getByText(LANGUAGE_NAMES[language], { exact: true }).click();
    await this.page.locator(`html[lang=${language}]`).waitFor({ state: "attached" });
  }

  /** Scans the card of a wearer, once the page waits for one. */
  async scan(name: TokenName, layout?: KeyboardLayout): Promise<void> {
    await this.page.getByLabel(this.say("visit.card"), { exact: true }).waitFor();
    await typeAsScanner(this.page, this.world.token(name).card, layout);
  }

  /** Holds a token's button until its sync window opens; it does a moment later. */
  hold(name: TokenName): void {
    this.world.token(name).device.press(HOLD_SECONDS);
  }

  /** Takes a token out of the desk's reach, as when its wearer walks away. */
  takeAway(name: TokenName): void {
    const { device } = this.world.token(name);
    const { devices } = this.world;
    devices.splice(devices.indexOf(device), 1);
    device.nrf.disconnect();
  }

  /** Brings it back. */
  bringBack(name: TokenName): void {
    this.world.devices.push(this.world.token(name).device);
  }

  /** What the page says went wrong: one of its own sentences, and not the one for what it has no words for. */
  async saysWhatFailed(): Promise<void> {
    const alert = this.page.getByRole("main").getByRole("alert").first();
    await alert.waitFor();
    const sentences = failureWords(this.language);
    const said = await alert.innerText();
    expect(sentences.filter((sentence) => said.includes(sentence))).toHaveLength(1);
  }

  /** The button with a message on it, in what is below the page's head. */
  button(key: string, values?: Values): Locator {
    const name = this.say(key, values);
    return this.page.getByRole("main").getByRole("button", { name, exact: true });
  }

  /** Clicks it. */
  async press(key: string, values?: Values): Promise<void> {
    await this.button(key, values).click();
  }

  /** Clicks a button in the page's head: a place, or the next wearer. */
  async go(key: string): Promise<void> {
    await this.page
      .getByRole("banner")
      .getByRole("button", { name: this.say(key), exact: true })
      .click();
  }

  /** Goes to the test results, and looks a code up. */
  async lookUp(kind: DemoSlip["kind"]): Promise<void> {
    await this.go("shell.testResult");
    const field = this.page.getByLabel(this.say("test.codeLabel"));
    await field.fill("");
    await field.pressSequentially(slipCode(kind));
    await this.press("test.lookUp");
  }

  /**
   * Waits for the screen with this heading, and looks at it: nothing that axe finds, nothing beside the window, the same address, a
   * picture.
   */
  async screen(key: string, values?: Values, picture = key.replace(".", "-")): Promise<void> {
    await this.heading(key, values).waitFor();
    await this.look(picture);
  }

  /** The heading of a screen, or of what it has found. */
  heading(key: string, values?: Values): Locator {
    return this.page.getByRole("heading", { name: this.say(key, values), exact: true });
  }

  /** Looks at what is there. */
  async look(picture: string): Promise<void> {
    expect(this.page.url()).toBe(this.url);
    if (this.#unseen) return;
    await this.standStill(async () => {
      await shot(this.page, this.language, picture);
      expect(await axe(this.page)).toEqual([]);
      await this.fits();
    });
  }

  /** Nothing is beside the window. */
  async fits(): Promise<void> {
    expect(await this.page.evaluate(BESIDE)).toBeLessThanOrEqual(0);
  }

  /** Waits for a text of the page. */
  async sees(key: string, values?: Values): Promise<void> {
    await this.page.getByText(this.say(key, values)).first().waitFor();
  }

  /** Begins a visit of a wearer, and waits for the result of the check. */
  async checked(name: TokenName): Promise<void> {
    await this.scan(name);
    this.hold(name);
    await this.heading("visit.resultTitle").waitFor();
  }

  /** Looks a positive test up, and begins B's visit with it, up to the question whether the wearer agrees to publish. */
  async toConsent(): Promise<void> {
    await this.lookUp("positive");
    await this.heading("test.positiveTitle").waitFor();
    await this.scan("B");
    this.hold("B");
    await this.heading("test.consentTitle").waitFor();
  }

  /** Asks a token itself how it is, behind the desk's back; afterwards no time passes any more. */
  async tokenStatus(name: TokenName): Promise<TokenStatus> {
    this.world.stop();
    const { world } = this.world;
    const { device } = this.world.token(name);
    device.nrf.disconnect();
    return atDesk(world, device, (client) => client.status());
  }

  /** Lets no time pass in the world while something is done that takes its time on the wall. */
  async standStill(work: () => Promise<void>): Promise<void> {
    this.world.stop();
    await work();
    this.world.start(SPEED);
  }

  /** Lets time pass, whatever is on the wall. */
  async pass(seconds: number): Promise<void> {
    const { timeline } = this.world.world;
    const end = timeline.now + 1000 * seconds;
    // Whatever an event has set in motion runs before the next one.
    while (timeline.step(end)) await new Promise(setImmediate);
    timeline.runUntil(end);
  }

  /** Lets minute after minute pass, at most so many, until the page shows something. */
  async passUntil(shown: Locator, minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes && !(await isShown(shown)); minute++) await this.pass(60);
    await shown.waitFor();
  }

  /** Closes tab and desk; nothing may have been complained about. */
  async close(): Promise<void> {
    await this.page.close();
    await this.#demo.close();
    expect(this.#complaints).toEqual([]);
  }
}

/** By how many pixels the page is wider than its window. */
const BESIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth";

/** Whether something is there, or comes at once. */
function isShown(what: Locator): Promise<boolean> {
  return what.waitFor({ timeout: 200 }).then(
    () => true,
    () => false,
  );
}
