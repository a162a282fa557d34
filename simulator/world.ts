/**
 * A small world: wearers with tokens at places, and the air between them.
 *
 * @module
 */
import type { Timers } from "../companion/timers.ts";
import type { BoardName } from "../protocol/flash-layout.ts";
import { EspruinoDevice } from "./espruino/device.ts";
import { createRadio, type Place, type Radio } from "./radio.ts";
import { createRandom, type Random } from "./random.ts";
import { Timeline } from "./timeline.ts";

/** Bluetooth's random delay between advertising packets in milliseconds (advDelay). */
const ADVERTISING_DELAY = 10;

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
    device.onScanStart = () => this.#listen(wearer);
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

  // Packets are drawn only while somebody listens: whatever else is sent, nobody hears.
  #listen(receiver: Wearer): void {
    const { place } = receiver;
    if (!place) return;
    for (const sender of this.#sites.get(place.site) ?? []) {
      if (sender === receiver || !sender.place || !sender.device.isOn) continue;
      const mean = this.#radio.meanRssi(
        sender.name,
        sender.place,
        receiver.name,
        place,
        sender.device.nrf.txPower,
      );
      if (mean === undefined) continue;
      const interval = sender.device.nrf.onAir()?.interval;
      if (interval !== undefined) {
        this.#nextPacket(sender, receiver, mean, this.#air.uniform() * interval);
      }
    }
  }

  #nextPacket(sender: Wearer, receiver: Wearer, mean: number, delay: number): void {
    const scan = receiver.device.nrf.scanNumber;
    this.timeline.after(delay, () => {
      if (!receiver.device.isOn || !sender.device.isOn) return;
      const parameters = receiver.device.nrf.scanning();
      if (!parameters || receiver.device.nrf.scanNumber !== scan) return;
      const packet = sender.device.nrf.onAir();
      if (!packet) return;
      const listening = this.#air.uniform() < parameters.window / parameters.interval;
      const rssi = listening ? this.#radio.packetRssi(mean) : undefined;
      if (rssi !== undefined) receiver.device.nrf.receive(packet, rssi);
      const next = packet.interval + this.#air.uniform() * ADVERTISING_DELAY;
      this.#nextPacket(sender, receiver, mean, next);
    });
  }
}
