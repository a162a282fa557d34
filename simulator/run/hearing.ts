/**
 * Gives each token's scans what is on the air around its wearer.
 *
 * @module
 */
import { RPI_OFFSET } from "../../protocol/beacon.ts";
import { type Air, asSender, type Hearable } from "../air/air.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { Advertisement, ListenedPart } from "../espruino/nrf.ts";
import type { Episode } from "../scenarios/scenario.ts";
import type { Timeline } from "../timeline.ts";

/** A beacon that has reached the firmware. */
export interface BeaconHeard {
  /** The first six bytes of its RPI as one number: so many that no two of a crowd have the same. */
  readonly identifier: number;
  /** In dBm. */
  readonly rssi: number;
}

/** A scan that has just ended. */
export interface ScanHeard {
  readonly person: number;
  /** Seconds since the scenario's start. */
  readonly from: number;
  readonly to: number;
  /** In the order of arrival. */
  readonly arrivals: readonly BeaconHeard[];
  readonly beacons: number;
  /** In dBm; 0 when there was none. */
  readonly strongest: number;
}

/** Of most scans; nothing is ever put into it. */
const SILENCE: BeaconHeard[] = [];

/** What one receiver is near to. */
interface Surroundings {
  /** Of the day, in the order of their beginning. */
  episodes: Episode[];
  next: number;
  /** Going on now. */
  current: Episode[];
  /** When its last scan began, in ms of virtual time. */
  scannedAt: number;
  /** In the scan that goes on. */
  arrivals: BeaconHeard[];
}

/** The ears of some of the tokens: those of a worker's share. */
export class Hearing {
  /** Called at the end of each scan. */
  onScan: (scan: ScanHeard) => void = () => {};

  readonly #devices: readonly EspruinoDevice[];
  readonly #air: Air;
  readonly #timeline: Timeline;
  readonly #begin: number;
  readonly #around: (Surroundings | undefined)[];

  /**
   * @param devices - by person
   * @param persons - whose tokens hear; the others only send
   * @param timeline - of the devices
   * @param begin - when the scenario starts on it, in ms
   */
  constructor(
    devices: readonly EspruinoDevice[],
    persons: readonly number[],
    air: Air,
    timeline: Timeline,
    begin: number,
  ) {
    this.#devices = devices;
    this.#air = air;
    this.#timeline = timeline;
    this.#begin = begin;
    this.#around = devices.map(() => undefined);
    for (const person of persons) {
      const around: Surroundings = {
        episodes: [],
        next: 0,
        current: [],
        scannedAt: Number.NEGATIVE_INFINITY,
        arrivals: SILENCE,
      };
      this.#around[person] = around;
      const device = devices[person] as EspruinoDevice;
      device.onListened = (part) => this.#hear(person, device, around, part);
      device.onScanEnd = (milliseconds) => this.#end(person, around, milliseconds);
    }
  }

  /** Goes on with a day's episodes, in the order of their beginning. */
  enter(day: readonly Episode[]): void {
    for (const around of this.#around) {
      if (!around) continue;
      around.episodes = [];
      around.next = 0;
      around.current = [];
    }
    for (const episode of day) {
      this.#around[episode.a]?.episodes.push(episode);
      this.#around[episode.b]?.episodes.push(episode);
    }
  }

  // A part is heard when it is over: there is no need to know before.
  #hear(person: number, device: EspruinoDevice, around: Surroundings, part: ListenedPart): void {
    const end = this.#timeline.now;
    const scan = end - part.to;
    const start = scan + part.from;
    const senders: Hearable[] = [];
    const packets: Advertisement[] = [];
    for (const episode of advance(around, (end - this.#begin) / 1000)) {
      const sender = episode.a === person ? episode.b : episode.a;
      const other = this.#devices[sender] as EspruinoDevice;
      if (!other.isOn) continue;
      const { txPower } = other.nrf;
      for (const time of other.nrf.meantTimes(start, end)) {
        packets.push(time.advertisement);
        senders.push({ sender, episode, txPower, ...asSender(time, scan) });
      }
    }
    if (!senders.length) return;
    const own = device.nrf.airTimes(start, end).map((time) => asSender(time, scan));
    const listened = { ...part, own, since: scan - around.scannedAt };
    const seconds = (scan - this.#begin) / 1000;
    for (const { at, sender, rssi } of this.#air.scan(person, seconds, listened, senders)) {
      const packet = packets[sender] as Advertisement;
      // A full queue drops it.
      if (!device.nrf.receive(packet, rssi, scan + at)) continue;
      if (!around.arrivals.length) around.arrivals = [];
      around.arrivals.push({ identifier: identifierOf(packet.payload), rssi });
    }
  }

  #end(person: number, around: Surroundings, milliseconds: number): void {
    const { arrivals } = around;
    around.arrivals = SILENCE;
    around.scannedAt = this.#timeline.now - milliseconds;
    const to = (this.#timeline.now - this.#begin) / 1000;
    const from = to - milliseconds / 1000;
    const beacons = arrivals.length;
    const strongest = arrivals.reduce((most, { rssi }) => Math.max(most, rssi), -Infinity);
    this.onScan({ person, from, to, arrivals, beacons, strongest: beacons ? strongest : 0 });
  }
}

// No sum of shifts, which would end at 32 bits.
function identifierOf(payload: Uint8Array): number {
  let identifier = 0;
  for (let at = RPI_OFFSET; at < RPI_OFFSET + 6; at++) {
    identifier = 256 * identifier + (payload[at] as number);
  }
  return identifier;
}

// The episodes that go on at a time, which never goes back.
function advance(around: Surroundings, time: number): readonly Episode[] {
  const { episodes, current } = around;
  let kept = 0;
  for (const episode of current) if (episode.to > time) current[kept++] = episode;
  current.length = kept;
  for (; around.next < episodes.length; around.next++) {
    const episode = episodes[around.next] as Episode;
    if (episode.from > time) break;
    if (episode.to > time) current.push(episode);
  }
  return current;
}
