import type { DeskView, ExposureDayView, StatusView } from "../../../companion/desk/desk-api.ts";
import type { DeskHost } from "../../../companion/desk/desk-host.ts";
import { Failure } from "../../../companion/failure.ts";
import type { Language } from "../../../companion/languages.ts";

const DAY: ExposureDayView = {
  date: "2026-05-21",
  level: "high",
  minutes: 31,
  attenuationDb: 48,
};

const STATUS: StatusView = {
  state: "on",
  batteryPercent: 87,
  batteryLow: false,
  failures: 0,
  restarts: 0,
  clockSet: true,
  clockDoubtful: false,
  clockErrorSeconds: 3,
  logFull: false,
  logEmpty: false,
  lastCheck: null,
  exposure: { level: "none", date: null, minutes: 0, attenuationDb: 0, acknowledged: false },
};

/** A desk without token and servers: a visit that begins at once, is checked at once, and is finished. */
export class SimpleHost implements DeskHost {
  readonly #watchers = new Set<() => void>();
  /** What was asked for, without `stir`. */
  readonly asked: { action: string; input: object }[] = [];
  stirred = 0;
  closed = false;
  /** Thrown by the next action. */
  fault: Error | undefined;
  view: DeskView = {
    setUp: { exports: true, testResults: true, publishing: null, demonstration: false },
    publishedKeys: { updatedAt: null },
    locked: false,
    activity: null,
    failure: null,
    visit: null,
    test: null,
  };

  /** How many watch. */
  get watchers(): number {
    return this.#watchers.size;
  }

  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  change(changes: Partial<DeskView>): void {
    this.view = { ...this.view, ...changes };
    for (const watcher of this.#watchers) watcher();
  }

  stir(): void {
    this.stirred++;
  }

  texts(language: Language) {
    const text = [`text in ${language}`];
    return {
      advice: { none: text, low: text, high: text },
      advicePositive: text,
      detectionConsent: text,
      sharingConsent: text,
      help: text,
    };
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  async begin(input: { readonly card: string }) {
    this.#note("begin", input);
    if (!input.card.startsWith("SQB1:")) {
      throw new Failure("card-code-malformed", "This is not a card's code; scan the card again.");
    }
    this.change({ visit: { status: STATUS, check: null, published: null } });
    return STATUS;
  }

  async check(input: object) {
    this.#note("check", input);
    const { visit } = this.view;
    if (!visit) throw new Failure("no-visit", "No visit is open; scan a card first.");
    const check = {
      checkedAt: 1_780_000_000,
      level: "high",
      days: [DAY],
      warnings: [],
      warningSentences: [],
      encounters: 12,
      clockCorrectionSeconds: 0,
      previousCheck: null,
    } as const;
    this.change({ visit: { ...visit, check } });
    return check;
  }

  async finish(input: object) {
    this.#note("finish", input);
    this.change({ visit: null, test: null, failure: null });
    return {};
  }

  async lookUp(input: { readonly code: string }) {
    this.#note("lookUp", input);
    const test = { result: "positive" } as const;
    this.change({ test });
    return test;
  }

  async share(input: object) {
    this.#note("share", input);
    return { inserted: 14, refused: 0, refusedPositions: [], leftOut: 0 };
  }

  async unlock(input: { readonly card: string }) {
    this.#note("unlock", input);
    return {};
  }

  enrol = (input: object) => this.#status("enrol", input);
  pause = (input: object) => this.#status("pause", input);
  resume = (input: object) => this.#status("resume", input);
  erase = (input: object) => this.#status("erase", input);
  acknowledge = (input: object) => this.#status("acknowledge", input);

  async #status(action: string, input: object): Promise<StatusView> {
    this.#note(action, input);
    return STATUS;
  }

  #note(action: string, input: object): void {
    this.asked.push({ action, input });
    const { fault } = this;
    this.fault = undefined;
    if (fault) throw fault;
  }
}
