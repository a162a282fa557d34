/**
 * Sees what a token does from outside, by what has changed since it was last looked at: on air, in flash, on the screen.
 * Nothing is put into the firmware's way.
 *
 * @module
 */
import type { EspruinoDevice } from "../espruino/device.ts";
import type { Advertisement } from "../espruino/nrf.ts";
import type { Timeline } from "../timeline.ts";
import { beaconIn } from "./beacon.ts";
import { type EventKind, emptyTally, type Tally, type TokenEvent } from "./events.ts";
import { FlashWatch, type PoolParts } from "./flash-watch.ts";
import { LightWatch } from "./lights.ts";
import { counted, hex } from "./style.ts";

interface Scan {
  beacons: number;
  readonly senders: Set<string>;
  best: number;
}

/** Watches one token from its first power on to its last moment. */
export class Observer {
  readonly lights: LightWatch;
  /** Counts; a new one may be put in its place. */
  tally: Tally = emptyTally();
  isWindowOpen = false;
  /** Called for each packet that reaches the antenna while it scans. */
  onHeard: (packet: Advertisement, rssi: number) => void = () => {};

  readonly #timeline: Timeline;
  readonly #device: EspruinoDevice;
  readonly #tell: (event: TokenEvent) => void;
  readonly #flash: FlashWatch;
  #held: TokenEvent[] = [];
  #air: Advertisement | undefined;
  #scan: Scan | undefined;
  #words = "";
  #rpi = "";
  // Then nothing is on air, and yet the window is open.
  #isConnected = false;

  /** @param tell - gets each event, in order of time */
  constructor(
    timeline: Timeline,
    device: EspruinoDevice,
    pool: PoolParts,
    tell: (event: TokenEvent) => void,
  ) {
    this.#timeline = timeline;
    this.#device = device;
    this.#tell = tell;
    this.lights = new LightWatch(timeline, (text, at) => this.#emit("light", text, at));
    this.#flash = new FlashWatch(
      pool,
      (kind, text) => this.#emit(kind, text),
      () => this.tally,
    );
    device.onLight = (colour, on) => this.lights.switched(colour, on);
    device.onMotor = (on) => this.lights.switched("motor", on);
  }

  /** Something happens that cannot be seen. */
  emit(kind: EventKind, text: string): void {
    this.#emit(kind, text);
  }

  /** A desk has connected, or has gone. */
  connection(isConnected: boolean): void {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    this.#emit("desk", isConnected ? "connected" : "disconnected");
  }

  /** Called when the board has got power, before anything else is looked at. */
  powered(): void {
    this.#device.onReport = (packet, rssi) => this.#heard(packet, rssi);
    this.look();
  }

  /** Called when the board has lost power. */
  unpowered(): void {
    this.lights.reset();
    this.flush();
    this.#air = undefined;
    this.#scan = undefined;
    this.#words = "";
    this.isWindowOpen = this.#isConnected = false;
  }

  /** To be called after each step of time. */
  look(): void {
    if (this.#device.isOn) {
      this.#lookAtAir();
      this.#lookAtScan();
      this.#lookAtScreen();
    }
    this.#flash.look();
  }

  /** Tells what was held back in case that something earlier comes to light. */
  flush(): void {
    const events = this.#held;
    this.#held = [];
    for (const event of events.sort((a, b) => a.at - b.at)) this.#tell(event);
  }

  // What a light meant is known only when its signal is over.
  #emit(kind: EventKind, text: string, at = this.#timeline.now): void {
    this.#held.push({ kind, text, at: at / 1000 });
    if (!this.lights.isBusy) this.flush();
  }

  #lookAtAir(): void {
    const before = this.#air;
    const air = this.#device.nrf.onAir();
    if (!air && !before) return;
    if (air && before && air.payload === before.payload && air.address === before.address) return;
    this.#air = air;
    if (air?.connectable) {
      if (!this.isWindowOpen) this.#emit("sync", `window open, as ${air.address}`);
      this.isWindowOpen = true;
      return;
    }
    // The radio is the desk's while it is connected.
    if (!air && this.#isConnected) return;
    if (this.isWindowOpen) this.#emit("sync", "window closed");
    this.isWindowOpen = false;
    const beacon = air && beaconIn(air.payload);
    if (!air) this.#emit("air", "silent");
    else if (beacon) {
      const rpi = hex(beacon.rpi.subarray(0, 4));
      if (rpi !== this.#rpi) this.tally.rotations++;
      this.#rpi = rpi;
      this.#emit("air", `RPI ${rpi}.. AEM ${hex(beacon.aem)} as ${air.address}`);
    } else this.#emit("air", `${counted(air.payload.length, "byte")} as ${air.address}`);
  }

  #lookAtScan(): void {
    const isScanning = this.#device.nrf.scanning() !== undefined;
    const scan = this.#scan;
    if (isScanning && !scan) this.#scan = { beacons: 0, senders: new Set(), best: -127 };
    if (isScanning || !scan) return;
    this.#scan = undefined;
    this.tally.scans++;
    this.tally.beacons += scan.beacons;
    if (!scan.beacons) this.tally.silent++;
    const { beacons, senders, best } = scan;
    const heard = `${counted(beacons, "beacon")} of ${senders.size}, best ${best} dBm`;
    this.#emit("scan", beacons ? heard : "nobody");
  }

  #lookAtScreen(): void {
    if (!this.#device.hasScreen) return;
    const words = this.#device.bangle.texts.at(-1)?.replaceAll("\n", " ") ?? "";
    if (words === this.#words) return;
    this.#words = words;
    this.#emit("screen", words);
  }

  #heard(packet: Advertisement, rssi: number): void {
    this.onHeard(packet, rssi);
    // A scan may have begun and heard something within one step of time.
    this.#scan ??= { beacons: 0, senders: new Set(), best: -127 };
    if (!beaconIn(packet.payload)) return;
    this.#scan.beacons++;
    this.#scan.senders.add(packet.address);
    this.#scan.best = Math.max(this.#scan.best, rssi);
  }
}
