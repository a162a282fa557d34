/**
 * The people whom a desk serves in the demonstration: what they have lived through is lived through before it begins.
 *
 * @module
 */
import { encodeCardCode } from "../../companion/provisioning/card-code.ts";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { KeyServerClient } from "../../companion/servers/key-server-client.ts";
import { checkVisit } from "../../companion/visit/check-visit.ts";
import { enrolVisit } from "../../companion/visit/enrol-visit.ts";
import { shareVisit } from "../../companion/visit/share-visit.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { TOKEN_KEY_BYTES } from "../../protocol/flash-layout.ts";
import { atDesk } from "../at-desk.ts";
import { runInRealTime } from "../ble/real-time.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { World } from "../world.ts";
import type { DemoToken, TokenName } from "./demo-state.ts";
import { type CallFaults, openPromptServer, type PromptServer } from "./prompt-server.ts";
import { SLIPS, slipCode } from "./slips.ts";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const DAYS = 10;
/** Noon in Almaty, in hours UTC. */
const NOON = 7;

/** How to begin. */
export interface DeskWorldOptions {
  /** Unix seconds at which it is ready. */
  readonly now: number;
  readonly seed: string;
  /** What goes wrong with the key server, for tests. */
  readonly faults?: CallFaults;
}

/** A token and its card. */
export interface WornToken {
  readonly device: EspruinoDevice;
  readonly story: DemoToken["story"];
  readonly serial: number;
  /** What a scanner types when the card is held in front of it. */
  readonly card: string;
}

/**
 * Two wearers, A who has met a third one that was found infected, and B whose test is positive; and the server and the
 * laboratory of their country. Runs of the same seed differ in the server's keys only.
 */
export class DeskWorld {
  readonly world: World;
  readonly server: PromptServer;
  /** Tokens in reach of the desk; replaced ones are not. */
  readonly devices: EspruinoDevice[] = [];
  readonly #firmware: string;
  readonly #tokens: Record<TokenName, WornToken>;
  #serial = 0;
  #stop = (): void => {};

  private constructor(world: World, server: PromptServer, firmware: string) {
    this.world = world;
    this.server = server;
    this.#firmware = firmware;
    this.#tokens = { A: this.#make("A", "met"), B: this.#make("B", "positive") };
  }

  /** Lets ten days pass, in a second or so. */
  static async open({ now, seed, faults }: DeskWorldOptions): Promise<DeskWorld> {
    const world = new World(now - DAYS * DAY, seed);
    const server = await openPromptServer(world, faults);
    const desk = new DeskWorld(world, server, await buildFirmware("puckjs"));
    await desk.#live(now);
    return desk;
  }

  /** A wearer's token as it is now. */
  token(name: TokenName): WornToken {
    return this.#tokens[name];
  }

  /** Gives a wearer a new token, never switched on, and a new card; the old one is out of use. */
  replace(name: TokenName): WornToken {
    const { device } = this.#tokens[name];
    device.powerOff();
    this.devices.splice(this.devices.indexOf(device), 1);
    this.#tokens[name] = this.#make(name, "new");
    return this.#tokens[name];
  }

  /** Lets time pass from now on. @param speed - seconds in one of the wall clock */
  start(speed = 1): void {
    this.#stop();
    this.#stop = runInRealTime(this.world, () => {}, speed);
  }

  /** Lets time pass only as it is told to. */
  stop(): void {
    this.#stop();
  }

  /** Stops time, tokens and server. */
  async close(): Promise<void> {
    this.stop();
    for (const device of this.devices) device.powerOff();
    await this.server.close();
  }

  #make(name: string, story: WornToken["story"]): WornToken {
    const serial = ++this.#serial;
    const key = this.world.random.fork(`token key ${serial}`).bytes(TOKEN_KEY_BYTES);
    const image = buildStorageImage("puckjs", { serial, key }, this.#firmware);
    const device = this.world.addToken(story === "new" ? `${name} ${serial}` : name, image);
    device.powerOn();
    this.devices.push(device);
    return { device, story, serial, card: encodeCardCode({ serial, key }) };
  }

  async #live(now: number): Promise<void> {
    const { world } = this;
    const a = this.#tokens.A.device;
    const c = this.#make("C", "positive").device;
    for (const device of this.devices) {
      await atDesk(world, device, (client) => enrolVisit(client, () => world.now));
    }
    const today = Math.floor(now / DAY) * DAY;
    const noon = (daysAgo: number): void => {
      world.run(today - daysAgo * DAY + NOON * HOUR - world.now);
    };
    noon(7);
    await atDesk(world, a, (client) => checkVisit(client, [], () => world.now));
    noon(6);
    this.#meet(["A", "C"], 45, 1);
    noon(4);
    this.#meet(["A", "C"], 15, 2);
    noon(3);
    this.#meet(["A", "C"], 30, 1);
    await this.#fillLaboratory();
    noon(2);
    await this.#share(c, slipCode("redeemed"));
    c.powerOff();
    this.devices.splice(this.devices.indexOf(c), 1);
    this.#meet(["A", "B"], 40, 1);
    noon(1);
    this.#meet(["A", "B"], 30, 1);
    world.run(now - world.now);
  }

  async #fillLaboratory(): Promise<void> {
    const { laboratory } = this.server;
    for (const { kind, code } of SLIPS) {
      if (kind === "unknown") continue;
      await laboratory.register(code);
      if (kind !== "pending")
        await laboratory.report(code, kind === "redeemed" ? "positive" : kind);
    }
  }

  async #share(device: EspruinoDevice, code: string): Promise<void> {
    const { world } = this;
    const { url, healthAuthorityId } = this.server.settings.publish!;
    const client = new KeyServerClient({
      verificationUrl: url,
      keyServerUrl: url,
      healthAuthorityId,
    });
    const test = await client.lookUp(code);
    await atDesk(world, device, (token) => shareVisit(token, client, test, true, () => world.now));
  }

  #meet(names: readonly string[], minutes: number, metres: number): void {
    names.forEach((name, index) => {
      this.world.move(name, { site: "table", room: "room", x: index * metres, y: 0 });
    });
    this.world.run(minutes * MINUTE);
    for (const name of names) this.world.move(name, undefined);
  }
}
