/**
 * What a Bangle.js 2 has beyond other boards: a button that unlocks, a watchdog, a motor and a screen. Source: Espruino,
 * `libs/banglejs/jswrap_bangle.c`.
 *
 * @module
 */
import type { Timeline } from "../timeline.ts";
import type { Observer } from "./activity.ts";
import { loud, onlyKnown } from "./loud.ts";

/** A held button keeps the watchdog from being kicked. */
const WATCHDOG_MILLISECONDS = 5000;
const DEFAULT_LOAD_MILLISECONDS = 1500;

type LockListener = (isLocked: boolean) => void;

/** The watch of a simulated Bangle.js 2, from one boot to the next. */
export class BangleModel {
  /** The globals that only a Bangle.js has. */
  readonly globals: Readonly<Record<string, object>>;
  /** Texts on the screen, from the first drawn. */
  texts: string[] = [];
  /** How many polygons are on the screen. */
  polygons = 0;

  readonly #timeline: Timeline;
  readonly #report: Observer;
  readonly #listeners: LockListener[] = [];
  #isLocked = false;
  #loadMilliseconds = DEFAULT_LOAD_MILLISECONDS;
  #pressedAt = 0;
  #kickedAt = 0;

  /**
   * @param onMotor - called when the motor is switched
   * @param report - is told what draws current
   */
  constructor(timeline: Timeline, onMotor: (on: boolean) => void, report: Observer) {
    this.#timeline = timeline;
    this.#report = report;
    this.globals = {
      VIBRATE: loud("VIBRATE", { write: onMotor }),
      Bangle: loud("Bangle", {
        setOptions: (options: { btnLoadTimeout?: number }) => {
          onlyKnown("setOptions", options, ["btnLoadTimeout", "wakeOnTwist"]);
          this.#loadMilliseconds = options.btnLoadTimeout ?? this.#loadMilliseconds;
        },
        setLocked: (isLocked: boolean) => this.#lock(isLocked),
        on: (event: string, listener: LockListener) => {
          if (event !== "lock") throw new Error(`The simulated Bangle has no event ${event}`);
          this.#listeners.push(listener);
        },
      }),
      g: loud("g", {
        clear: () => {
          report({ what: "screen" });
          this.texts = [];
          this.polygons = 0;
        },
        setFont: () => {},
        setFontAlign: () => {},
        drawString: (text: string) => {
          this.texts.push(text);
        },
        fillPoly: (corners: number[]) => {
          if (corners.some((at) => at < 0 || at >= 176)) throw new Error("g: outside the screen");
          this.polygons++;
        },
      }),
    };
  }

  /** Tells `observer` what draws current at the moment. */
  describe(observer: Observer): void {
    observer({ what: "lock", on: this.#isLocked });
  }

  /** The button goes down. */
  press(): void {
    this.#pressedAt = this.#kickedAt = this.#timeline.now;
    // This press is for the watch alone; other ones are not modelled.
    if (!this.#isLocked) throw new Error("The simulated Bangle.js is pressed while it is unlocked");
    this.#lock(false);
  }

  /** The button comes up. */
  release(): void {
    this.kick();
    const held = this.#timeline.now - this.#pressedAt;
    if (this.#loadMilliseconds && held >= this.#loadMilliseconds) {
      throw new Error("The simulated Bangle.js restarts: its button was held for too long");
    }
  }

  /** `E.kickWatchdog`. */
  kick(): void {
    if (this.#timeline.now - this.#kickedAt > WATCHDOG_MILLISECONDS) {
      throw new Error("The simulated Bangle.js restarts: its watchdog was not kicked");
    }
    this.#kickedAt = this.#timeline.now;
  }

  #lock(isLocked: boolean): void {
    if (this.#isLocked === isLocked) return;
    this.#isLocked = isLocked;
    this.#report({ what: "lock", on: isLocked });
    for (const listener of this.#listeners) {
      this.#timeline.after(0, () => {
        this.#report({ what: "script", trigger: "button" });
        listener(isLocked);
      });
    }
  }
}
