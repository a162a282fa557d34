/**
 * The tokens around the one that is looked at: each runs the same bundle, is enrolled at a desk, and stands in the same room.
 *
 * @module
 */
import { PREFIX_BYTES } from "../../protocol/encounter-record.ts";
import type { BoardName } from "../../protocol/flash-layout.ts";
import { bodyLoss, medianAttenuation } from "../air/path-loss.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import type { Advertisement } from "../espruino/nrf.ts";
import type { Place } from "../radio.ts";
import type { World } from "../world.ts";
import { beaconIn } from "./beacon.ts";
import { hex } from "./style.ts";

/** Where the token itself is. */
export const MIDDLE: Place = { site: "bench", room: "room", x: 0, y: 0 };
/** A body between two tokens takes as much as that of a wearer who turns the back, in dB. */
const BODY_LOSS = bodyLoss(180);
/** Spreads neighbours around the token, so that they do not stand behind each other. */
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));

/** How a neighbour stands to the token. */
export interface Placing {
  readonly metres: number;
  /** In the room next door. */
  readonly wall: boolean;
  /** With a body between the two. */
  readonly behind: boolean;
}

/** A neighbour. */
export interface Neighbour {
  readonly name: string;
  readonly device: EspruinoDevice;
  /** Transmit power in dBm. */
  readonly txPower: number;
  /** Undefined when it has gone. */
  placing: Placing | undefined;
  /** Its beacon that was received last: Unix seconds, and dBm. */
  heard: { readonly at: number; readonly rssi: number } | undefined;
}

/** Where a neighbour stands, the `index`-th of all. */
export function placeOf(placing: Placing, index: number): Place {
  const distance = placing.behind ? behindBody(placing.metres) : placing.metres;
  const angle = index * GOLDEN_ANGLE;
  return {
    site: MIDDLE.site,
    room: placing.wall ? "next door" : MIDDLE.room,
    x: distance * Math.cos(angle),
    y: distance * Math.sin(angle),
  };
}

// The radio knows no bodies: the distance that loses as much as `metres` and a body.
function behindBody(metres: number): number {
  const loss = medianAttenuation(metres) + BODY_LOSS;
  let near = metres;
  let far = metres;
  while (medianAttenuation(far) < loss) far *= 2;
  while (far - near > far * Number.EPSILON * 2) {
    const middle = (near + far) / 2;
    if (medianAttenuation(middle) < loss) near = middle;
    else far = middle;
  }
  return far;
}

/** All neighbours by name, and whose identifier is whose. */
export class Neighbours {
  readonly #world: World;
  readonly #byName = new Map<string, Neighbour>();
  readonly #byPrefix = new Map<string, string>();

  constructor(world: World) {
    this.#world = world;
  }

  /** In the order in which they came. */
  get all(): readonly Neighbour[] {
    return [...this.#byName.values()];
  }

  get(name: string): Neighbour | undefined {
    return this.#byName.get(name);
  }

  /** Adds one that is nowhere, with power. @param image - contents of its Storage */
  add(name: string, image: Uint8Array, board: BoardName): Neighbour {
    const device = this.#world.addToken(wearer(name), image, 0, board);
    device.powerOn();
    const { txPower } = device.nrf;
    const neighbour: Neighbour = { name, device, txPower, placing: undefined, heard: undefined };
    this.#byName.set(name, neighbour);
    return neighbour;
  }

  /** Puts one somewhere, or out of reach. */
  place(neighbour: Neighbour, placing: Placing | undefined): void {
    neighbour.placing = placing;
    const index = this.all.indexOf(neighbour);
    this.#world.move(wearer(neighbour.name), placing && placeOf(placing, index));
  }

  /** A packet has reached the token. @param at - Unix seconds */
  heard(packet: Advertisement, rssi: number, at: number): void {
    const sender = this.all.find(
      ({ device }) => device.isOn && device.nrf.address === packet.address,
    );
    const beacon = beaconIn(packet.payload);
    if (!sender || !beacon) return;
    sender.heard = { at, rssi };
    this.#byPrefix.set(hex(beacon.rpi.subarray(0, PREFIX_BYTES)), sender.name);
  }

  /** Who sent an identifier that begins so. */
  nameOf(rpiPrefix: Uint8Array): string | undefined {
    return this.#byPrefix.get(hex(rpiPrefix));
  }
}

const wearer = (name: string): string => `neighbour ${name}`;
