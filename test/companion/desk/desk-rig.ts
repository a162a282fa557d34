import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CurrentExports } from "../../../companion/desk/current-exports.ts";
import { Desk, type DeskParts } from "../../../companion/desk/desk.ts";
import type { OpenRadio } from "../../../companion/desk/shared-radio.ts";
import { ExportCache } from "../../../companion/exports/export-cache.ts";
import { inThisThread } from "../../../companion/matching/matcher.ts";
import { encodeCardCode } from "../../../companion/provisioning/card-code.ts";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { DEFAULT_RISK_MODEL } from "../../../companion/risk/risk-configuration.ts";
import { KeyServerClient } from "../../../companion/servers/key-server-client.ts";
import { buildFirmware } from "../../../firmware/build/bundle.ts";
import { type KeyServer, openKeyServer } from "../../../server/key-server.ts";
import { cardKeyOf } from "../../../simulator/at-desk.ts";
import { createLaboratory } from "../../../simulator/demo/laboratory.ts";
import { deskRadio } from "../../../simulator/desk-radio.ts";
import type { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import type { LinkFaults } from "../../../simulator/link.ts";
import { seededRandom } from "../../server/pilot.ts";
import { ManualTimers } from "../../support/manual-timers.ts";
import { DAY, HOUR, Rig } from "../../support/rig.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";

export const CODE = "0123456789";

const firmware = buildFirmware("puckjs");

/** What a desk of a rig is to have otherwise. */
export interface DeskChanges extends Partial<DeskParts> {
  /** What happens on links. */
  readonly faults?: LinkFaults;
  readonly fetch?: typeof globalThis.fetch;
  /** As which the verification server knows the desk. */
  readonly apiKey?: string;
  /** Whether the settings name no servers. */
  readonly noServers?: boolean;
  /** Tokens in reach; all that were made unless told. */
  readonly devices?: readonly EspruinoDevice[];
}

/** A world of tokens, a key server over loopback HTTP, and desks. */
export class DeskRig extends Rig {
  /** What a desk does by itself waits on these. */
  readonly timers = new ManualTimers();
  readonly pace: VirtualPace;
  readonly directory = mkdtempSync(join(tmpdir(), "saqbol-desk-"));
  readonly devices: EspruinoDevice[] = [];
  /** How many radios are switched on. */
  radios = 0;
  readonly #desks: Desk[] = [];
  readonly #stop: () => Promise<void>;

  readonly server: KeyServer;
  readonly url: string;

  private constructor(server: KeyServer, url: string, stop: () => Promise<void>, seed: string) {
    super(seed);
    this.server = server;
    this.url = url;
    this.#stop = stop;
    this.pace = new VirtualPace(this.world.now);
  }

  static async open(seed = "desk"): Promise<DeskRig> {
    let rig: DeskRig | undefined;
    const server = openKeyServer({ dataDir: ":memory:", now: () => rig!.world.now });
    const { url, close } = await server.listen({ port: 0 });
    rig = new DeskRig(server, url, close, seed);
    return rig;
  }

  async close(): Promise<void> {
    for (const desk of this.#desks) await this.world.drive(desk.close());
    await this.#stop();
    this.server.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A token with a card of its own. */
  override async token(name: string, driftPpm = 0): Promise<EspruinoDevice> {
    const serial = this.devices.length + 1;
    const identity = { serial, key: new Uint8Array(16).fill(0x50 + serial) };
    const image = buildStorageImage("puckjs", identity, await firmware);
    const device = this.world.addToken(name, image, driftPpm);
    device.powerOn();
    this.devices.push(device);
    return device;
  }

  /** A desk at which whatever is in reach can be served, against the rig's server. */
  desk({
    faults,
    fetch = globalThis.fetch,
    apiKey,
    noServers,
    devices,
    ...changes
  }: DeskChanges = {}): Desk {
    const serverUrl = noServers ? null : this.url;
    const now = (): number => this.world.now;
    const base = `${this.url}/exports/`;
    const regions = [
      {
        region: "KZ",
        indexUrl: `${base}KZ/index.txt`,
        baseUrl: base,
        trustedKeys: [{ id: "401", version: "v1", pem: this.server.exportPublicKeyPem }],
      },
    ];
    const cache = new ExportCache({ regions, directory: this.directory, now, fetch });
    const desk = new Desk({
      exports: new CurrentExports(cache, now),
      openServers: (onPause) =>
        new KeyServerClient({
          verificationUrl: serverUrl,
          apiKey,
          keyServerUrl: serverUrl,
          healthAuthorityId: this.server.healthAuthorityId,
          pace: this.pace,
          fetch,
          onPause,
        }),
      testResults: true,
      publishing: "registration-token",
      chaff: false,
      model: DEFAULT_RISK_MODEL,
      openFinder: inThisThread,
      texts: () => ({
        advice: { none: [], low: [], high: [] },
        advicePositive: [],
        detectionConsent: [],
        sharingConsent: [],
        help: [],
      }),
      openRadio: this.radio(devices ?? this.devices, faults),
      linkTimers: this.world.timers,
      timers: this.timers,
      now,
      random: seededRandom("desk"),
      lockAfterSeconds: 300,
      demonstration: false,
      ...changes,
    });
    this.#desks.push(desk);
    return desk;
  }

  /** Opens a radio that has these tokens in reach. */
  radio(devices: readonly EspruinoDevice[], faults?: LinkFaults): () => Promise<OpenRadio> {
    return async () => {
      this.radios++;
      return {
        ...deskRadio(this.world, devices, faults),
        close: async () => {
          this.radios--;
        },
      };
    };
  }

  /** Lets time pass, for the world and for what desks do by themselves. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.timers.pass(1);
      // What is asked of a token is answered within less.
      for (let tenth = 0; tenth < 10; tenth++) {
        this.world.run(0.1);
        await new Promise(setImmediate);
      }
    }
  }

  /** Holds the button of tokens until their sync windows are open. */
  press(...devices: readonly EspruinoDevice[]): void {
    for (const device of devices) device.press(3.5);
    this.world.run(4);
  }

  /** Two wearers who met two days ago, and the other one's keys, which are in the exports. */
  async exposedToken(): Promise<EspruinoDevice> {
    const device = await this.wornToken("exposed");
    const other = await this.wornToken("other");
    this.sitTogether(["exposed", "other"], 40, 1);
    this.world.run(2 * DAY);
    const keys = await this.atDesk(other, async (client) => {
      await client.setState("on", true);
      return client.readKeys();
    });
    await this.register("9999999999", "positive");
    const publisher = new KeyServerClient({
      verificationUrl: this.url,
      keyServerUrl: this.url,
      healthAuthorityId: this.server.healthAuthorityId,
    });
    const past = keys.filter((key) => key.rollingPeriod === 144);
    await publisher.publish(await publisher.lookUp("9999999999"), past);
    this.world.run(8 * HOUR);
    this.server.createExports();
    return device;
  }

  /** Deletes what desks have downloaded. */
  forgetExports(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** A test with this code at the laboratory. */
  async register(code: string, result?: "positive" | "negative" | "invalid"): Promise<void> {
    await createLaboratory(this.url, this.server.laboratoryKey).register(code);
    if (result) await this.report(code, result);
  }

  /** What the laboratory found. */
  report(code: string, result: "positive" | "negative" | "invalid"): Promise<void> {
    return createLaboratory(this.url, this.server.laboratoryKey).report(code, result);
  }

  /** A code of the health authority, issued today. */
  async issue(): Promise<string> {
    const testDate = new Date(this.world.now * 1000).toISOString().slice(0, 10);
    const response = await fetch(`${this.url}/api/issue`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": this.server.adminKey },
      body: JSON.stringify({ testType: "confirmed", testDate }),
    });
    return ((await response.json()) as { code: string }).code;
  }
}

/** The code on a token's card. */
export function cardOf(device: EspruinoDevice): string {
  return encodeCardCode({ serial: 7, key: cardKeyOf(device) });
}
