import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { AEM_OFFSET, BEACON_BYTES, RPI_OFFSET } from "../../protocol/beacon.ts";
import {
  decode,
  ENCOUNTERS_LAYOUT,
  encode,
  ON,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  RESPONSE,
  restOf,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  ZONE_OFFSET,
} from "../../protocol/messages.ts";
import { type Recorded, runOnEspruino } from "../../simulator/interpreter/run.ts";
import {
  responsesIn,
  TOKEN_KEY,
  visit,
  visits,
} from "../../simulator/interpreter/scripted-desk.ts";
import { fromHex, vectors } from "../support/vectors.ts";

/** The release bundle. */
export const firmware = await buildFirmware("puckjs");
/** Storage of a provisioned token. */
export const image = buildStorageImage("puckjs", { serial: 1, key: TOKEN_KEY }, firmware);

/** The moment at which the published vectors begin, in Unix seconds. */
export const MIDNIGHT = vectors.startInterval * 600;

/** Runs a script on a token that has just booted; see `runOnEspruino`. */
export async function run(script: string, storage = image): Promise<Recorded[][]> {
  return (await runOnEspruino([process.env["ESPRUINO"] as string], storage, script)).reports;
}

/** Bytes as source. */
export const source = (data: Uint8Array): string => `[${data.join()}]`;

/** A request that sets the clock, at UTC. */
export const clockRequest = (tag: number, unixSeconds: number): Uint8Array =>
  encode(SET_CLOCK, tag, SET_CLOCK_LAYOUT, [unixSeconds, ZONE_OFFSET]);

/** A desk sets the clock to the vectors' midnight, and switches on with the vectors' key. */
export const ENROL = `
  press(3.5);
  ${visit(clockRequest(1, MIDNIGHT))}
  randomBytes = ${source(fromHex(vectors.tek))};
  ${visit(encode(SET_STATE, 2, SET_STATE_LAYOUT, [ON, 0]))}`;

const LOG_TAG = 100;

/** Defines `readLog()`, which reads the log from its start to beyond its end, for {@link logIn}. */
export const READ_LOG = `
  ${visits(
    // Twelve pages of 341 slots, which are read 27 at a time.
    Array.from({ length: 152 }, (_, index) =>
      encode(READ_ENCOUNTERS, LOG_TAG, READ_ENCOUNTERS_LAYOUT, [27 * index]),
    ),
  )}
  var readLog = visitAll;`;

/** The records that `readLog()` has read. */
export function logIn(recorded: readonly Recorded[]): Uint8Array {
  const parts = new Map<number, Uint8Array>();
  for (const message of responsesIn(notifications(recorded))) {
    if (message[0] !== (READ_ENCOUNTERS | RESPONSE) || message[1] !== LOG_TAG) continue;
    const [start, next] = decode(ENCOUNTERS_LAYOUT, message);
    const records = restOf(ENCOUNTERS_LAYOUT, message);
    // Behind a gap in the positions it goes on with another page, which is read for itself.
    const pageEnd = start! - (start! % 341) + 341;
    const end = next! - start! <= 27 ? next! : pageEnd;
    for (let at = 0; at < end - start!; at++) {
      parts.set(start! + at, records.subarray(12 * at, 12 * at + 12));
    }
  }
  return Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, record]) => record));
}

/** One change of what is on air. */
export interface OnAir {
  /** Unix seconds of the token's clock. */
  readonly time: number;
  readonly address: string;
  /** In hex; empty for what is no beacon. */
  readonly rpi: string;
  readonly aem: string;
}

/** What went on air, in turn: payload and address, once it was woken, unless it only comes back from a silence. */
export function onAir(recorded: readonly Recorded[]): OnAir[] {
  const found: OnAir[] = [];
  let payload = Buffer.alloc(0);
  let onAirNow = payload;
  let address = "";
  for (const [call, argument, time] of recorded) {
    if (call === "setAdvertising") {
      payload = Buffer.from((argument as { data: string }).data, "base64");
    } else if (call === "setAddress") {
      address = argument as string;
    } else if (call === "wake") {
      const isBeacon = payload.length === BEACON_BYTES;
      const isSame = onAirNow === payload && found.at(-1)?.address === address;
      onAirNow = payload;
      if (isSame) continue;
      found.push({
        time,
        address,
        rpi: isBeacon ? payload.toString("hex", RPI_OFFSET, AEM_OFFSET) : "",
        aem: isBeacon ? payload.toString("hex", AEM_OFFSET) : "",
      });
    }
  }
  return found;
}

/** The notified frames. */
export function notifications(recorded: readonly Recorded[]): Buffer[] {
  return recorded
    .filter(([call]) => call === "notify")
    .map(([, value]) => Buffer.from(value as string, "base64"));
}

/** The response with a tag. */
export function response(recorded: readonly Recorded[], tag: number): Uint8Array {
  const message = responsesIn(notifications(recorded)).find((each) => each[1] === tag);
  if (!message) throw new Error(`There is no response with tag ${tag}`);
  return message;
}

/** How lights were on, in turn: colour and milliseconds. */
export function flashes(recorded: readonly Recorded[]): [colour: string, milliseconds: number][] {
  const found: [string, number][] = [];
  const since = new Map<string, number>();
  for (const [call, on, time] of recorded) {
    if (!["red", "green", "blue"].includes(call)) continue;
    const start = since.get(call);
    if (on && start === undefined) {
      since.set(call, time);
    } else if (!on && start !== undefined) {
      since.delete(call);
      found.push([call, Math.round((time - start) * 1000)]);
    }
  }
  return found;
}
