/**
 * The whole path: A and B meet, B tests positive and publishes, A is warned and C is not. Every
 * part is the real one but for the radio, the flash and the clock: the firmware bundle, the companion, the key
 * server over HTTP.
 *
 * @module
 */

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExportCache } from "../../companion/exports/export-cache.ts";
import { keysOf, type PublishedKeys } from "../../companion/exports/export-file.ts";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { dateOfDay } from "../../companion/risk/date-of-day.ts";
import { decisiveDay, type Risk } from "../../companion/risk/risk.ts";
import { KeyServerClient } from "../../companion/servers/key-server-client.ts";
import { readTexts } from "../../companion/texts/texts.ts";
import { formatLogFile } from "../../companion/token/log-file.ts";
import { type CheckResult, checkVisit } from "../../companion/visit/check-visit.ts";
import { enrolVisit } from "../../companion/visit/enrol-visit.ts";
import { shareVisit } from "../../companion/visit/share-visit.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import { openKeyServer } from "../../server/key-server.ts";
import { atDesk } from "../at-desk.ts";
import type { EspruinoDevice } from "../espruino/device.ts";
import { World } from "../world.ts";
import { createLaboratory } from "./laboratory.ts";
import type { Narrator } from "./narrator.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
const MINUTE = 60;
/** A Monday, 09:00 in Almaty. */
const START = Date.UTC(2026, 4, 11, 4) / 1000;
const WEARERS = ["A", "B", "C"] as const;
type Wearer = (typeof WEARERS)[number];

/** What `--json` prints. */
export interface DemoResult {
  readonly exposed: { readonly A: boolean; readonly C: boolean };
  /** What A is told; null when A is told nothing. */
  readonly exposure: {
    /** UTC day, YYYY-MM-DD. */
    readonly date: string;
    readonly durationMinutes: number;
    readonly attenuationDb: number;
    readonly level: string;
  } | null;
  readonly keysPublished: number;
  readonly virtualDays: number;
  readonly wallSeconds: number;
}

/** How to run it. */
export interface DemoOptions {
  /** Repeats a run exactly. */
  readonly seed: number;
  readonly narrator: Narrator;
  /** Whether the wearer of B agrees to publish. */
  readonly consent?: boolean;
  /** Called with A's token before it is checked, to see what a change in its flash changes. */
  readonly tamper?: (device: EspruinoDevice) => void;
  /** Gets files to play with: exports, their public key, the logs of A and C. */
  readonly keep?: (name: string, bytes: Uint8Array) => void;
}

const PROGRESS_PARTS = 30;

/** The steps that the narrator will tell. */
export const DEMO_STEPS = 8;

/** Runs the demonstration. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const started = performance.now();
  const { narrator } = options;

  narrator.step("Build the firmware");
  const firmware = await buildFirmware("puckjs");
  narrator.say(`One script of ${firmware.length} bytes, as it is flashed onto a Puck.js.`);

  narrator.step("Start the key server");
  const world = new World(START, `demo ${options.seed}`);
  const serverRandom = world.random.fork("server");
  const server = openKeyServer({
    dataDir: ":memory:",
    now: () => world.now,
    random: (length) => serverRandom.bytes(length),
  });
  const listening = await server.listen({ port: 0 });
  const cacheDirectory = mkdtempSync(join(tmpdir(), "saqbol-demo-"));
  try {
    narrator.say(`${listening.url}, with an empty database and a new signing key.`);
    const desk = new KeyServerClient({
      verificationUrl: listening.url,
      keyServerUrl: listening.url,
      healthAuthorityId: server.healthAuthorityId,
    });
    const cache = new ExportCache({
      regions: [
        {
          region: "KZ",
          indexUrl: `${listening.url}/exports/KZ/index.txt`,
          baseUrl: `${listening.url}/exports/`,
          trustedKeys: [{ id: "401", version: "v1", pem: server.exportPublicKeyPem }],
        },
      ],
      directory: cacheDirectory,
      now: () => world.now,
    });
    const tokens = await handOut(world, firmware, narrator);
    meet(world, narrator);

    narrator.step("B is tested");
    const laboratory = createLaboratory(listening.url, server.laboratoryKey);
    const code = String(world.random.fork("code").uint32()).padStart(10, "0");
    await laboratory.register(code);
    narrator.say("The laboratory registers the sample under the 10-digit code on B's slip.");
    narrator.say(`The desk looks the code up: ${await resultOf(desk, code)}.`);
    world.run(6 * HOUR);
    await laboratory.report(code, "positive");
    narrator.say(`Six hours later it looks again: ${await resultOf(desk, code)}.`);

    narrator.step("B publishes");
    const keysPublished = await publish(world, tokens.B, desk, code, options, narrator);
    world.run(8 * HOUR);
    const files = server.createExports();
    narrator.say(`Eight hours later the server has exported ${files} signed file(s).`);

    narrator.step("A and C are checked");
    options.tamper?.(tokens.A);
    options.keep?.("public-key.pem", Buffer.from(server.exportPublicKeyPem));
    for (const { path, location } of (await cache.update()).files) {
      options.keep?.(path.replaceAll("/", "-"), readFileSync(location));
    }
    const keys = [...keysOf(cache.files())];
    narrator.say(
      `The desk downloads ${keys.reduce((sum, { length }) => sum + length, 0)} keys, most of them padding, and verifies their signature.`,
    );
    const a = await check(world, "A", tokens.A, keys, options);
    const c = await check(world, "C", tokens.C, keys, options);

    narrator.step("What the wearer of A is told");
    const exposure = tell(a.risk, narrator);
    return {
      exposed: { A: a.risk.level !== "none", C: c.risk.level !== "none" },
      exposure,
      keysPublished,
      virtualDays: Math.round(((world.now - START) / DAY) * 10) / 10,
      wallSeconds: Math.round((performance.now() - started) / 100) / 10,
    };
  } finally {
    rmSync(cacheDirectory, { recursive: true });
    await listening.close();
    server.close();
  }
}

async function handOut(
  world: World,
  firmware: string,
  narrator: Narrator,
): Promise<Record<Wearer, EspruinoDevice>> {
  narrator.step("Hand out three tokens");
  const tokens = {} as Record<Wearer, EspruinoDevice>;
  for (const [index, wearer] of WEARERS.entries()) {
    const key = world.random.fork(`token key ${wearer}`).bytes(16);
    const image = buildStorageImage("puckjs", { serial: index + 1, key }, firmware);
    const token = world.addToken(wearer, image, 100 * world.random.normal());
    tokens[wearer] = token;
    token.powerOn();
    await atDesk(world, token, (client) => enrolVisit(client, () => world.now));
    narrator.say(
      `${wearer} has a token: flashed, clock set, switched on with the wearer's consent.`,
    );
  }
  return tokens;
}

function meet(world: World, narrator: Narrator): void {
  narrator.step("Three days pass");
  const beginning = world.now;
  for (const hour of [2, 5]) {
    world.run(beginning + hour * HOUR - world.now);
    world.move("A", { site: "clinic", room: "lounge", x: 0, y: 0 });
    world.move("B", { site: "clinic", room: "lounge", x: 1.5, y: 0 });
    world.move("C", { site: "clinic", room: "office", x: 12, y: 0 });
    world.run(25 * MINUTE);
    for (const wearer of WEARERS) world.move(wearer, undefined);
  }
  narrator.say(
    "Day 1: A and B sit 1.5 m apart twice, 25 minutes each; C is 12 m away, behind a wall.",
  );
  const rest = beginning + 3 * DAY - world.now;
  for (let part = 1; part <= PROGRESS_PARTS; part++) {
    world.run(rest / PROGRESS_PARTS);
    const days = ((world.now - beginning) / DAY).toFixed(1);
    narrator.progress(`day ${days} of 3`, part, PROGRESS_PARTS);
  }
}

async function resultOf(desk: KeyServerClient, code: string): Promise<string> {
  return desk.testResult(await desk.lookUp(code));
}

async function publish(
  world: World,
  token: EspruinoDevice,
  desk: KeyServerClient,
  code: string,
  options: DemoOptions,
  narrator: Narrator,
): Promise<number> {
  if (options.consent === false) {
    narrator.say("The wearer of B does not consent: nothing is read and nothing is published.");
    return 0;
  }
  const test = await desk.lookUp(code);
  const { inserted: published = 0 } = await atDesk(world, token, (client) =>
    shareVisit(client, desk, test, true, () => world.now),
  );
  narrator.say(
    `With consent, recorded on the token, ${published} keys are published, today's cut short.`,
  );
  narrator.say(`The code is used up now: ${await resultOf(desk, code)}.`);
  return published;
}

async function check(
  world: World,
  wearer: Wearer,
  token: EspruinoDevice,
  keys: readonly PublishedKeys[],
  options: DemoOptions,
): Promise<CheckResult> {
  const result = await atDesk(world, token, async (client) => {
    options.keep?.(`log-${wearer}.bin`, formatLogFile(await client.readLog()));
    return checkVisit(client, keys, () => world.now);
  });
  options.narrator.say(
    `${wearer}: ${result.encounters} encounters checked, risk ${result.risk.level}; ` +
      `pressed, the token shows ${signalOf(world, token)}.`,
  );
  return result;
}

// What its wearer sees on pressing the button.
function signalOf(world: World, token: EspruinoDevice): string {
  let red = 0;
  token.onLight = (colour, on) => {
    if (colour === "red" && on) red++;
  };
  token.press(0.3);
  world.run(MINUTE);
  return red > 0 ? "the warning signal (three long red flashes)" : "no warning";
}

function tell(risk: Risk, narrator: Narrator): DemoResult["exposure"] {
  const latest = decisiveDay(risk);
  // The first paragraph says it in a sentence.
  const advice = readTexts()("en").advice[risk.level][0]!;
  if (!latest) {
    narrator.say(advice);
    return null;
  }
  const date = dateOfDay(latest.day);
  narrator.say(`Date:            ${date}`);
  narrator.say(`Time together:   ${latest.minutes} minutes`);
  narrator.say(`Signal strength: ${latest.attenuationDb} dB below what was sent`);
  narrator.say(`Risk:            ${latest.level}`);
  narrator.say(`What to do:      ${advice}`);
  return {
    date,
    durationMinutes: latest.minutes,
    attenuationDb: latest.attenuationDb,
    level: latest.level,
  };
}
