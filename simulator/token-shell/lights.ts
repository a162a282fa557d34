/**
 * Makes signals out of lights that go on and off, as the wearer does: by number and length of the flashes, which tell all
 * signals apart on every board (`protocol/signals.ts`).
 *
 * @module
 */
import { SIGNALS } from "../../protocol/signals.ts";
import type { Event, Timeline } from "../timeline.ts";

/** Longer than the longest flash, in milliseconds: such a light is simply on. */
const STEADY = 1050;
/** A drifting clock makes flashes a little longer or shorter than they are meant to be, in milliseconds. */
const ROUND_TO = 10;
/** The pause between flashes of one signal is as long as a flash; by how much of it another pause may differ. */
const TOLERANCE = 0.1;

const MEANINGS: Readonly<Record<keyof typeof SIGNALS, string>> = {
  on: "on",
  paused: "paused or off",
  exposure: "exposure",
  needsDesk: "needs a desk",
  lowBattery: "low battery",
};

interface Light {
  readonly name: string;
  isOn: boolean;
  isSteady: boolean;
  /** When it last went on, and off, in milliseconds of Unix time. */
  since: number;
  until: number;
  /** Equal flashes so far, the length of each in milliseconds, and when the first began. */
  flashes: number;
  each: number;
  began: number;
  timer: Event | undefined;
}

/** Watches the lights of one token, or its motor. */
export class LightWatch {
  readonly #timeline: Timeline;
  readonly #tell: (text: string, at: number) => void;
  readonly #lights = new Map<string, Light>();

  /** @param tell - what was seen, and when it began, in milliseconds of Unix time */
  constructor(timeline: Timeline, tell: (text: string, at: number) => void) {
    this.#timeline = timeline;
    this.#tell = tell;
  }

  /** A light, or the motor, was switched. */
  switched(name: string, on: boolean): void {
    const light = this.#light(name);
    if (light.isOn === on) return;
    light.isOn = on;
    this.#wait(light);
    const { now } = this.#timeline;
    if (on) {
      // Too short a pause before it: not another flash of the same signal.
      if (now - light.until < light.each * (1 - TOLERANCE)) this.#finish(light);
      light.since = now;
      this.#wait(light, STEADY, () => {
        this.#finish(light);
        light.isSteady = true;
        this.#tell(`${name} on`, light.since);
      });
      return;
    }
    light.until = now;
    if (light.isSteady) {
      light.isSteady = false;
      this.#tell(`${name} off`, now);
      return;
    }
    const length = Math.round((now - light.since) / ROUND_TO) * ROUND_TO;
    if (light.flashes && light.each !== length) this.#finish(light);
    if (!light.flashes) light.began = light.since;
    light.flashes++;
    light.each = length;
    this.#wait(light, length * (1 + TOLERANCE), () => this.#finish(light));
  }

  /** Whether a signal is going on, of which it is not yet known what it will be. */
  get isBusy(): boolean {
    return [...this.#lights.values()].some(({ timer }) => timer !== undefined);
  }

  /** What is lit now. */
  get lit(): string[] {
    return [...this.#lights.values()].filter(({ isOn }) => isOn).map(({ name }) => name);
  }

  /** Power is gone, and all lights with it. */
  reset(): void {
    for (const light of this.#lights.values()) this.#wait(light);
    this.#lights.clear();
  }

  #light(name: string): Light {
    let light = this.#lights.get(name);
    if (!light) {
      light = {
        name,
        isOn: false,
        isSteady: false,
        since: 0,
        until: 0,
        flashes: 0,
        each: 0,
        began: 0,
        timer: undefined,
      };
      this.#lights.set(name, light);
    }
    return light;
  }

  #wait(light: Light, milliseconds?: number, action?: () => void): void {
    if (light.timer) this.#timeline.cancel(light.timer);
    light.timer =
      milliseconds === undefined
        ? undefined
        : this.#timeline.after(milliseconds, () => {
            light.timer = undefined;
            action?.();
          });
  }

  #finish(light: Light): void {
    if (!light.flashes) return;
    const { name, flashes, each, began } = light;
    light.flashes = 0;
    const meaning = Object.entries(SIGNALS).find(
      ([, [, count, length]]) => count === flashes && length === each,
    )?.[0] as keyof typeof SIGNALS | undefined;
    const words = meaning ? `: ${MEANINGS[meaning]}` : "";
    this.#tell(`${name} ${flashes} x ${each} ms${words}`, began);
  }
}
