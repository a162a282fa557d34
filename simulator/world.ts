/**
 * A small world: wearers with tokens at places, and the air between them.
 *
 * @module
 */
import type { Timers } from "../companion/timers.ts";
import type { BoardName } from "../protocol/flash-layout.ts";
import { asSender, receivedInScan, type Sender } from "./air/air.ts";
import { EspruinoDevice } from "./espruino/device.ts";
import type { Advertisement, ListenedPart } from "./espruino/nrf.ts";
import { createRadio, type Place, type Radio } from "./radio.ts";
import { createRandom, type Random } from "./random.ts";
import { Timeline } from "./timeline.ts";

interface Wearer {
  readonly name: string;
  readonly device: EspruinoDevice;
  place: Place | undefined;
}

/** Tokens on one timeline. */
export class World {
  readonly timeline: Timeline;
  /** Time-outs on virtual time. */
  readonly timers: Timers;
  readonly random: Random;
  readonly #radio: Radio;
  readonly #air: Random;
  readonly #wearers: Wearer[] = [];
  readonly #sites = new Map<string, Set<Wearer>>();
  #waiting = 0;

  /** @param start - Unix seconds */
  constructor(start: number, seed: string) {
    this.timeline = new Timeline(start * 1000);
    this.random = createRandom(seed);
    this.#radio = createRadio(this.random.fork("radio"));
    this.#air = this.random.fork("air");
    this.timers = {
      after: (milliseconds, action) => {
        let waiting = true;
        const done = (): void => {
          if (waiting) this.#waiting--;
          waiting = false;
        };
        this.#waiting++;
        const event = this.timeline.after(milliseconds, () => {
          done();
          action();
        });
        return () => {
          done();
          this.timeline.cancel(event);
        };
      },
    };
  }

  /** The present in Unix seconds. */
  get now(): number {
    return this.timeline.now / 1000;
  }

  /** Adds a wearer whose token has `image` in its Storage; it is switched off, and nowhere. */
  addToken(
    name: string,
    image: Uint8Array,
    driftPpm = 0,
    board: BoardName = "puckjs",
  ): EspruinoDevice {
    const random = this.random.fork(`token ${name}`);
    const device = new EspruinoDevice(this.timeline, random, image, driftPpm, board);
    const wearer: Wearer = { name, device, place: undefined };
    device.onListened = (part) => this.#hear(wearer, part);
    this.#wearers.push(wearer);
    return device;
  }

  /** Moves a wearer; undefined is out of everyone's reach. */
  move(name: string, place: Place | undefined): void {
    const wearer = this.#wearers.find((each) => each.name === name);
    if (!wearer) throw new Error(`There is no wearer ${name}`);
    if (wearer.place) this.#sites.get(wearer.place.site)?.delete(wearer);
    wearer.place = place;
    if (!place) return;
    const site = this.#sites.get(place.site) ?? new Set();
    this.#sites.set(place.site, site.add(wearer));
  }

  /** Lets virtual time pass, in seconds. */
  run(seconds: number): void {
    this.timeline.runUntil(this.timeline.now + seconds * 1000);
  }

  /**
   * Lets virtual time pass until `promise` is settled. Time stands still while nothing waits on
   * {@link World.timers}, such as during a call to a real server, so that a run repeats exactly.
   */
  async drive<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      // Whatever the last event has set in motion runs before the next one.
      await new Promise(setImmediate);
      if (settled) return promise;
      if (this.#waiting > 0 && !this.timeline.step())
        throw new Error("Nothing is left that could settle the promise");
    }
  }

  // A part of a scan is heard when it is over, as in a laboratory's run.
  #hear(receiver: Wearer, part: ListenedPart): void {
    const { place, device } = receiver;
    if (!place) return;
    const end = this.timeline.now;
    const scan = end - part.to;
    const start = scan + part.from;
    const packets: Advertisement[] = [];
    const senders: Sender[] = [];
    const means: number[] = [];
    for (const sender of this.#sites.get(place.site) ?? []) {
      if (sender === receiver || !sender.place || !sender.device.isOn) continue;
      const { nrf } = sender.device;
      const mean = this.#radio.meanRssi(
        sender.name,
        sender.place,
        receiver.name,
        place,
        nrf.txPower,
      );
      if (mean === undefined) continue;
      for (const time of nrf.airTimes(start, end)) {
        packets.push(time.advertisement);
        senders.push(asSender(time, scan));
        means.push(mean);
      }
    }
    if (!senders.length) return;
    const own = device.nrf.airTimes(start, end).map((time) => asSender(time, scan));
    const listened = { ...part, own };
    for (const { at, sender, rssi } of receivedInScan(this.#air, listened, senders, means)) {
      device.nrf.receive(packets[sender] as Advertisement, rssi, scan + at);
    }
  }
}
