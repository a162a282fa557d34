/**
 * What the beacons that were heard say of their senders, and what of it a token should not do: for an engineer with a new
 * board. Source: Exposure Notification Bluetooth Specification v1.2; `docs/bring-up.md`.
 *
 * An identifier (RPI) is never given out, only a fingerprint of it.
 *
 * @module
 */
import { createHmac, randomBytes } from "node:crypto";
import { SYNC_SERVICE } from "../../protocol/service.ts";
import type { Advertisement } from "./advertisements.ts";
import {
  FLAGS,
  MANUFACTURER,
  SERVICE_DATA_16,
  SERVICES_16,
  SERVICES_128,
  type Structure,
  structuresOf,
} from "./advertising-payload.ts";
import { plainUuid } from "./noble-link.ts";

/** Of the Exposure Notification Service. */
const BEACON_UUID = [0x6f, 0xfd] as const;
const BEACON_UUID_TEXT = "fd6f";
const RPI_BYTES = 16;
const DATA_BYTES = 20;
const ESPRUINO_COMPANY = [0x90, 0x05] as const;
/** Nordic's UART, Espruino's console. */
const CONSOLE_SERVICE = "6e400001b5a3f393e0a9e50e24dcca9e";

/** Whoever fills the air with addresses or identifiers must not fill the memory. */
const MOST_SENDERS = 1000;
/** Of one packet, that are named. */
const MOST_TYPES = 8;
/** One packet on two of the three channels: the specification allows no interval below 20 ms. */
const SAME_PACKET_MILLISECONDS = 15;
const LONGEST_COUNTED_MILLISECONDS = 20_000;
const LEAST_GAPS = 10;
/** A token's interval and Bluetooth's random delay of up to 10 ms, with what a computer's clock adds. */
const INTERVAL_MILLISECONDS = [265, 285] as const;
const LONG_SILENCE_MILLISECONDS = 5000;
/** Behind the last packet of one sender, in which the next one may be the same board. */
const TAKEOVER_MILLISECONDS = 5000;
const TAKEOVER_DECIBELS = 15;
const SHORTEST_LIFE_MILLISECONDS = 595_000;
const LONGEST_LIFE_MILLISECONDS = 1_210_000;

/** The smallest, the middle and the largest of some numbers. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Something that a token should not do: a stable name, and a sentence. */
export interface Deviation {
  readonly code: string;
  readonly words: string;
}

/** One identifier under one address. */
export interface Sender {
  /** Undefined where the system hides it. */
  readonly address: string | undefined;
  readonly addressType:
    | "public"
    | "random static"
    | "random resolvable"
    | "random non-resolvable"
    | "random"
    | "unknown";
  /** Of the identifier; another one in each run. */
  readonly fingerprint: string;
  /** Milliseconds of Unix time. */
  readonly first: number;
  readonly last: number;
  readonly packets: number;
  /** In dBm. */
  readonly rssi: Spread;
  /** Bytes of advertising data; undefined where the system gives only parts of it. */
  readonly payloadBytes: number | undefined;
  /** In words. */
  readonly payloadForm: string;
  readonly connectable: boolean;
  /** The median of the times between two packets in milliseconds, lost ones between them left out; undefined for too few. */
  readonly interval: number | undefined;
  /** Part of the packets, by that interval, that was heard. */
  readonly heardShare: number | undefined;
  /** Between two packets, in milliseconds. */
  readonly longestSilence: number;
  readonly deviations: readonly Deviation[];
}

/** A change of identifier or address. */
export interface Change {
  readonly kind: "together" | "identifier-alone" | "address-alone" | "side-by-side";
  /** Milliseconds of Unix time. */
  readonly time: number;
  readonly words: string;
}

/** Something else of a board's. */
export interface OtherSender {
  /** A sync window, or Espruino's own advertising, through which its console may be reached. */
  readonly kind: "sync-window" | "espruino";
  readonly address: string | undefined;
  readonly first: number;
  readonly last: number;
  readonly packets: number;
}

/** What was heard. */
export interface Survey {
  readonly senders: readonly Sender[];
  readonly changes: readonly Change[];
  readonly others: readonly OtherSender[];
  /** Packets of senders beyond those that are kept. */
  readonly leftOut: number;
}

type Counts = Map<number, number>;

interface Track {
  readonly id: string;
  readonly identifier: string;
  readonly fingerprint: string;
  readonly address: string | undefined;
  readonly addressType: Sender["addressType"];
  readonly payloadBytes: number | undefined;
  readonly payloadForm: string;
  readonly metadata: string;
  readonly first: number;
  last: number;
  packets: number;
  isConnectable: boolean;
  longestSilence: number;
  readonly rssi: Counts;
  readonly gaps: Counts;
  readonly deviations: Map<string, string>;
}

type OtherTrack = { -readonly [name in keyof OtherSender]: OtherSender[name] };

/** Collects what is heard. */
export class BeaconSurvey {
  readonly #secret: Uint8Array;
  readonly #tracks = new Map<string, Track>();
  readonly #others = new Map<string, OtherTrack>();
  #leftOut = 0;

  /** @param secret - what fingerprints are made with */
  constructor(secret: Uint8Array = randomBytes(16)) {
    this.#secret = secret;
  }

  /** Takes a packet, which may be anything. @param time - milliseconds of Unix time, never less than before */
  hear(advertisement: Advertisement, time: number): void {
    const { data } = advertisement;
    const structures = data instanceof Uint8Array ? structuresOf(data) : undefined;
    const beacons = structures
      ? structures.flatMap((each) => (each && isBeacon(each) ? [each.data.slice(2)] : []))
      : "serviceData" in data
        ? data.serviceData.filter(({ uuid }) => isBeaconUuid(uuid)).map((each) => each.data)
        : [];
    const [beacon] = beacons;
    if (beacon) this.#hearBeacon(advertisement, beacon, beacons.length, structures, time);
    const kind = otherKindOf(advertisement, structures);
    if (kind) this.#hearOther(kind, advertisement, time);
  }

  /** What was heard so far. */
  report(): Survey {
    const tracks = [...this.#tracks.values()].sort((a, b) => a.first - b.first);
    const changes = changesOf(tracks);
    return {
      senders: tracks.map(senderOf),
      changes: changes.sort((a, b) => a.time - b.time),
      others: [...this.#others.values()].map((other) => ({ ...other })),
      leftOut: this.#leftOut,
    };
  }

  #hearBeacon(
    advertisement: Advertisement,
    beacon: Uint8Array,
    beacons: number,
    structures: (Structure | undefined)[] | undefined,
    time: number,
  ): void {
    const identifier = Buffer.from(beacon.subarray(0, RPI_BYTES)).toString("hex");
    const metadata = Buffer.from(beacon.subarray(RPI_BYTES)).toString("hex");
    const name = `${advertisement.id} ${identifier}`;
    let track = this.#tracks.get(name);
    if (!track) {
      if (this.#tracks.size >= MOST_SENDERS) {
        this.#leftOut++;
        return;
      }
      const { id, address, data } = advertisement;
      track = {
        ...{ id, identifier, metadata, address },
        fingerprint: createHmac("sha256", this.#secret)
          .update(identifier)
          .digest("hex")
          .slice(0, 6),
        addressType: addressTypeOf(advertisement),
        payloadBytes: data instanceof Uint8Array ? data.length : undefined,
        payloadForm: formOf(structures),
        ...{ first: time, last: time, packets: 0, isConnectable: false, longestSilence: 0 },
        ...{ rssi: new Map(), gaps: new Map(), deviations: new Map() },
      };
      this.#tracks.set(name, track);
    }
    increment(track.rssi, advertisement.rssi);
    for (const [code, words] of deviationsOf(advertisement, beacon, beacons, structures)) {
      track.deviations.set(code, words);
    }
    if (formOf(structures) !== track.payloadForm) {
      track.deviations.set("form-changed", "Its packets do not all have the same structures.");
    }
    if (metadata !== track.metadata) {
      track.deviations.set(
        "metadata-alone",
        "The encrypted metadata (AEM) changed, but the identifier did not.",
      );
    }
    if (advertisement.connectable) track.isConnectable = true;
    const gap = time - track.last;
    if (track.packets && gap < SAME_PACKET_MILLISECONDS) return;
    if (track.packets)
      increment(track.gaps, Math.min(Math.round(gap), LONGEST_COUNTED_MILLISECONDS));
    track.packets++;
    track.longestSilence = Math.max(track.longestSilence, gap);
    track.last = time;
  }

  #hearOther(kind: OtherSender["kind"], { id, address }: Advertisement, time: number): void {
    const name = `${kind} ${id}`;
    const other = this.#others.get(name);
    if (other) {
      other.last = time;
      other.packets++;
    } else if (this.#others.size < MOST_SENDERS) {
      this.#others.set(name, { kind, address, first: time, last: time, packets: 1 });
    } else {
      this.#leftOut++;
    }
  }
}

const startsWith = (data: Uint8Array, [first, second]: readonly [number, number]): boolean =>
  data.length >= 2 && data[0] === first && data[1] === second;

const isBeacon = ({ type, data }: Structure): boolean =>
  type === SERVICE_DATA_16 && startsWith(data, BEACON_UUID);

// Systems write it with 16 bits or with 128.
const isBeaconUuid = (uuid: string): boolean =>
  uuid === BEACON_UUID_TEXT || uuid === `0000${BEACON_UUID_TEXT}00001000800000805f9b34fb`;

function otherKindOf(
  { data }: Advertisement,
  structures: (Structure | undefined)[] | undefined,
): OtherSender["kind"] | undefined {
  let services: readonly string[] = [];
  let manufacturers: readonly (Uint8Array | undefined)[] = [];
  if (structures) {
    services = structures.flatMap((each) =>
      each && SERVICES_128.includes(each.type) ? uuidsOf(each.data) : [],
    );
    manufacturers = structures.map((each) => (each?.type === MANUFACTURER ? each.data : undefined));
  } else if ("services" in data) {
    services = data.services;
    manufacturers = [data.manufacturer];
  }
  if (services.includes(plainUuid(SYNC_SERVICE))) return "sync-window";
  const isEspruino =
    services.includes(CONSOLE_SERVICE) ||
    manufacturers.some((each) => each && startsWith(each, ESPRUINO_COMPANY));
  return isEspruino ? "espruino" : undefined;
}

// On air their bytes go backwards.
function uuidsOf(data: Uint8Array): string[] {
  const uuids: string[] = [];
  for (let at = 0; at + 16 <= data.length; at += 16) {
    uuids.push(Buffer.from(data.slice(at, at + 16).reverse()).toString("hex"));
  }
  return uuids;
}

function addressTypeOf({ address, addressType }: Advertisement): Sender["addressType"] {
  if (addressType === undefined) return "unknown";
  if (addressType === "public") return "public";
  switch (address === undefined ? 2 : Number.parseInt(address.slice(0, 2), 16) >> 6) {
    case 0:
      return "random non-resolvable";
    case 1:
      return "random resolvable";
    case 3:
      return "random static";
    default:
      return "random";
  }
}

function isTokensForm(structures: (Structure | undefined)[]): boolean {
  const [list, beacon] = structures;
  return (
    structures.length === 2 &&
    list?.type === SERVICES_16 &&
    list.data.length === 2 &&
    startsWith(list.data, BEACON_UUID) &&
    beacon !== undefined &&
    isBeacon(beacon)
  );
}

// Bounded, whatever is sent: the specification's form, or the types alone.
function formOf(structures: (Structure | undefined)[] | undefined): string {
  if (!structures) return "form unknown: this system gives only parts of a packet";
  if (isTokensForm(structures)) return "without flags structure";
  const [flags, ...rest] = structures;
  if (flags?.type === FLAGS && flags.data.length === 1 && isTokensForm(rest)) {
    return `with flags structure 02 01 ${hexByte(flags.data[0]!)}`;
  }
  const types = structures
    .slice(0, MOST_TYPES)
    .map((each) => (each ? hexByte(each.type) : "broken"));
  if (structures.length > MOST_TYPES) types.push("…");
  return `structures of the types ${types.join(" ")}`;
}

const hexByte = (byte: number): string => byte.toString(16).padStart(2, "0").toUpperCase();

function deviationsOf(
  advertisement: Advertisement,
  beacon: Uint8Array,
  beacons: number,
  structures: (Structure | undefined)[] | undefined,
): [code: string, words: string][] {
  const found: [string, string][] = [];
  if (beacon.length !== DATA_BYTES) {
    found.push([
      "data-length",
      `The service data has ${beacon.length} bytes; a beacon has 20: 16 of the identifier, 4 of the metadata.`,
    ]);
  }
  if (beacons > 1) {
    found.push(["data-twice", "One packet has service data for 0xFD6F more than once."]);
  }
  if (advertisement.connectable) {
    found.push(["connectable", "The beacon can be connected to; a token's cannot at any time."]);
  }
  if (advertisement.scannable || advertisement.connectable === undefined) {
    found.push(["scannable", "The sender answers scan requests; a token does not."]);
  }
  const type = addressTypeOf(advertisement);
  if (type !== "random static" && type !== "unknown") {
    found.push(["address-type", `The address is ${type}; a token's is random static.`]);
  }
  if (structures && !isTokensForm(structures)) {
    const [flags, ...rest] = structures;
    found.push(
      flags?.type === FLAGS && isTokensForm(rest)
        ? ["flags", "The packet has a flags structure; a token leaves it out and has 28 bytes."]
        : [
            "structures",
            "The packet has other structures than a token's: 03 03 6F FD, then 17 16 6F FD and 20 bytes.",
          ],
    );
  }
  return found;
}

function increment(counts: Counts, value: number): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

// The smallest value below which the share of all counts lies; there is at least one.
function quantileOf(counts: Counts, share: number): number {
  const sorted = [...counts].sort(([a], [b]) => a - b);
  let left = share * sorted.reduce((sum, [, count]) => sum + count, 0);
  for (const [value, count] of sorted) {
    left -= count;
    if (left <= 0) return value;
  }
  return sorted.at(-1)![0];
}

function intervalOf({ gaps }: Track): number | undefined {
  const all = [...gaps.values()].reduce((sum, count) => sum + count, 0);
  if (all < LEAST_GAPS) return undefined;
  // A lost packet doubles a gap: of all gaps only those count that are near the shortest.
  const longest = 1.5 * quantileOf(gaps, 0.1);
  return quantileOf(new Map([...gaps].filter(([gap]) => gap <= longest)), 0.5);
}

function senderOf(track: Track): Sender {
  const interval = intervalOf(track);
  const deviations = new Map(track.deviations);
  if (interval !== undefined) {
    const [least, most] = INTERVAL_MILLISECONDS;
    if (interval < least || interval > most) {
      deviations.set("interval", `It sends every ${interval} ms; a token every 270 to 280 ms.`);
    }
  }
  const life = track.last - track.first;
  if (life > LONGEST_LIFE_MILLISECONDS) {
    deviations.set(
      "too-long",
      `Identifier and address were the same for ${inMinutes(life)}; a token changes them after 10 to 20 minutes.`,
    );
  }
  if (track.longestSilence > LONG_SILENCE_MILLISECONDS) {
    deviations.set(
      "silence",
      `It was silent for ${(track.longestSilence / 1000).toFixed(1)} s, then went on with the same identifier: right around a sync window, else it was out of reach or hung.`,
    );
  }
  return {
    address: track.address,
    addressType: track.addressType,
    fingerprint: track.fingerprint,
    first: track.first,
    last: track.last,
    packets: track.packets,
    rssi: {
      min: quantileOf(track.rssi, 0),
      median: quantileOf(track.rssi, 0.5),
      max: quantileOf(track.rssi, 1),
    },
    payloadBytes: track.payloadBytes,
    payloadForm: track.payloadForm,
    connectable: track.isConnectable,
    interval,
    heardShare:
      interval === undefined ? undefined : Math.min(1, track.packets / (life / interval + 1)),
    longestSilence: track.longestSilence,
    deviations: Array.from(deviations, ([code, words]) => ({ code, words })),
  };
}

const inMinutes = (milliseconds: number): string => `${(milliseconds / 60_000).toFixed(1)} minutes`;

// All of them in the order of their first packet.
function changesOf(tracks: readonly Track[]): Change[] {
  return [
    ...changesAlone(
      tracks,
      ({ id }) => id,
      "identifier-alone",
      ({ fingerprint: before }, { fingerprint: after }) =>
        `The identifier changed, but the address did not (${before} to ${after}).`,
      "Two identifiers were on air under one address, by turns",
    ),
    ...changesAlone(
      tracks,
      ({ identifier }) => identifier,
      "address-alone",
      ({ fingerprint }) => `The address changed, but the identifier ${fingerprint} did not.`,
      "One identifier was on air under two addresses, by turns",
    ),
    ...changesTogether(tracks),
  ];
}

function changesAlone(
  tracks: readonly Track[],
  groupOf: (track: Track) => string,
  kind: Change["kind"],
  words: (before: Track, after: Track) => string,
  byTurns: string,
): Change[] {
  const lastOf = new Map<string, Track>();
  const changes: Change[] = [];
  for (const after of tracks) {
    const group = groupOf(after);
    const before = lastOf.get(group);
    if (!before) {
      lastOf.set(group, after);
      continue;
    }
    const time = after.first;
    changes.push(
      before.last > after.first
        ? {
            kind: "side-by-side",
            time,
            words: `${byTurns} (${before.fingerprint} and ${after.fingerprint}).`,
          }
        : { kind, time, words: words(before, after) },
    );
    if (after.last >= before.last) lastOf.set(group, after);
  }
  return changes;
}

// One sender falls silent as another begins. Which two belong together is a guess, so that it must be the only one.
function changesTogether(tracks: readonly Track[]): Change[] {
  const median = new Map(tracks.map((track) => [track, quantileOf(track.rssi, 0.5)]));
  const isTakeover = (before: Track, after: Track): boolean =>
    before.id !== after.id &&
    before.identifier !== after.identifier &&
    after.first > before.last &&
    after.first - before.last <= TAKEOVER_MILLISECONDS &&
    Math.abs(median.get(before)! - median.get(after)!) <= TAKEOVER_DECIBELS;
  const begun = new Set<Track>();
  const changes: Change[] = [];
  for (const after of tracks) {
    const predecessors = tracks.filter((before) => isTakeover(before, after));
    const [before] = predecessors;
    if (!before || predecessors.length > 1) continue;
    if (tracks.filter((each) => isTakeover(before, each)).length > 1) continue;
    const life = before.last - before.first;
    const isShort = begun.has(before) && life < SHORTEST_LIFE_MILLISECONDS;
    begun.add(after);
    changes.push({
      kind: "together",
      time: after.first,
      words:
        `Identifier and address changed together (${before.fingerprint} to ${after.fingerprint}); those before were heard for ${inMinutes(life)}` +
        `${isShort ? ", less than 10: right only after a sync window or a restart" : ""}.`,
    });
  }
  return changes;
}
