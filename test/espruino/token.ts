import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { AEM_OFFSET, RPI_OFFSET } from "../../protocol/beacon.ts";
import { createAssembler } from "../../protocol/frames.ts";
import {
  encode,
  MAX_MESSAGE,
  ON,
  READ_ENCOUNTERS,
  RESPONSE,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  ZONE_OFFSET,
} from "../../protocol/messages.ts";
import { type Recorded, runOnEspruino } from "../../simulator/interpreter/run.ts";
import { fromHex, vectors } from "../support/vectors.ts";

/** The release bundle. */
export const firmware = await buildFirmware("puckjs");
/** Storage of a provisioned token. */
export const image = buildStorageImage("puckjs", { serial: 1, key: new Uint8Array(16) }, firmware);

/** The moment at which the published vectors begin, in Unix seconds. */
export const MIDNIGHT = vectors.startInterval * 600;

/** Runs a script on a token that has just booted; see `runOnEspruino`. */
export async function run(script: string, storage = image): Promise<Recorded[][]> {
  return (await runOnEspruino([process.env["ESPRUINO"] as string], storage, script)).reports;
}

/** Bytes as source. */
export const source = (data: Uint8Array): string => `[${data.join()}]`;

/** A desk's request as source. */
export const request = (bytes: Uint8Array): string => `request(${source(bytes)}); advance(1);`;

/** A request that sets the clock, at UTC. */
export const clockRequest = (tag: number, unixSeconds: number): Uint8Array =>
  encode(SET_CLOCK, tag, SET_CLOCK_LAYOUT, [unixSeconds, ZONE_OFFSET]);

/** A desk sets the clock to the vectors' midnight, and switches on with the vectors' key. */
export const ENROL = `
  press(3.5);
  ${request(clockRequest(1, MIDNIGHT))}
  randomBytes = ${source(fromHex(vectors.tek))};
  ${request(encode(SET_STATE, 2, SET_STATE_LAYOUT, [ON, 0]))}`;

/** Defines `readLog()`, which reads the log as a desk does, into responses from tag 100 on. */
export const READ_LOG = `
  var goOn, notifyDesk = NRF.updateServices;
  NRF.updateServices = function (data) {
    notifyDesk(data);
    for (var service in data) for (var uuid in data[service]) {
      var frame = data[service][uuid].value;
      if (!(frame[1] & 127) && frame[2] === ${READ_ENCOUNTERS | RESPONSE})
        goOn = frame[8] | (frame[9] << 8) | (frame[10] << 16);
    }
  };
  function readLog() {
    for (var at = 0, tag = 100; goOn !== at; tag++) {
      if (tag > 100) at = goOn;
      request([${READ_ENCOUNTERS}, tag, at, at >> 8, at >> 16, 0]);
      advance(1);
    }
    goOn = undefined;
  }`;

/** One change of what is on air. */
export interface OnAir {
  /** Unix seconds of the token's clock. */
  readonly time: number;
  readonly address: string;
  /** In hex; empty for what is no beacon. */
  readonly rpi: string;
  readonly aem: string;
}

/** What went on air, in turn: payload and address, once it was woken. */
export function onAir(recorded: readonly Recorded[]): OnAir[] {
  const found: OnAir[] = [];
  let payload = Buffer.alloc(0);
  let address = "";
  for (const [call, argument, time] of recorded) {
    if (call === "setAdvertising") {
      payload = Buffer.from((argument as { data: string }).data, "base64");
    } else if (call === "setAddress") {
      address = argument as string;
    } else if (call === "wake") {
      const isBeacon = payload.length === AEM_OFFSET + 4;
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

/** The whole response with a tag. */
export function response(recorded: readonly Recorded[], tag: number): Uint8Array {
  const assembler = createAssembler(tag, MAX_MESSAGE);
  const message = notifications(recorded)
    .map((frame) => assembler.accept(frame))
    .find((whole) => whole);
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
