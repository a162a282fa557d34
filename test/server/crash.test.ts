import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ekeyhmac, type RequestKey } from "../../companion/servers/ekeyhmac.ts";
import { bundleServer } from "./crash/bundle-server.ts";
import { inspect, type Seen, type Upload } from "./crash/inspect.ts";
import { type Kill, ServerProcess } from "./crash/server-process.ts";
import { everyByte, temporaryDirectory } from "./directory.ts";
import { START, seededRandom } from "./pilot.ts";
import { HMAC_KEY, publishBody } from "./upload.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Lives of a server that run beside each other. */
const LIVES = 2;
/** Times that each of them is killed. */
const KILLS = 100;
const KEYS = 4;

/** An upload with all that its sender remembers. */
interface Visit extends Upload {
  readonly time: number;
  readonly request: RequestKey[];
  /** Of whom the certificate came. */
  certificate?: string;
  /** Whether the answer to the upload came. */
  confirmed: boolean;
}

/** Draws what happens from a seed: how long something goes on, and how it ends. */
class Chance {
  readonly #random: (length: number) => Uint8Array;

  constructor(seed: string) {
    this.#random = seededRandom(seed);
  }

  /** From 0 to 1. */
  fraction(): number {
    const [a = 0, b = 0, c = 0] = this.#random(3);
    return ((a << 16) | (b << 8) | c) / 2 ** 24;
  }

  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }
}

/** Calls into the database that a thread makes at most, or nearly so. */
const CALLS = { main: 90, upkeep: 3000 };

/** @param fraction from 0 to 1: below a half early calls are as likely as late ones, above it any call */
function killOf(thread: Kill["thread"], fraction: number): Kill {
  const calls = CALLS[thread];
  const call = fraction < 0.5 ? calls ** (2 * fraction) : calls * (2 * fraction - 1);
  return { thread, call: Math.max(1, Math.round(call)) };
}

/** One server and those who call it, through many deaths. */
class Life {
  readonly directory = temporaryDirectory();
  readonly chance: Chance;
  readonly seen: Seen = { files: new Map(), keys: new Map(), halfMade: 0 };
  readonly visits: Visit[] = [];
  readonly deaths = { main: 0, upkeep: 0, anywhere: 0 };
  time = START;
  laboratoryKey = "";

  readonly #name: string;
  readonly #bundle: string;

  constructor(name: string, bundle: string) {
    this.#name = name;
    this.#bundle = bundle;
    this.chance = new Chance(name);
  }

  /** Starts the server, calls it until it is killed, and looks at what it has left. */
  async die(): Promise<void> {
    // Every third time an export is due.
    const due = this.chance.below(3) === 0;
    this.time += due ? 14 * HOUR : 60;
    // All is drawn beforehand, so that a life is the same each time, however fast the machine is.
    const [way, spread, delay] = [
      this.chance.below(8),
      this.chance.fraction(),
      this.chance.below(120),
    ];
    const kill = way < 7 ? killOf(way < 4 ? "main" : "upkeep", spread) : undefined;
    const server = new ServerProcess(this.#bundle, this.directory, this.time, kill);
    const url = await server.url;
    if (!kill && url) server.killAfter(delay);
    if (url) await this.#callUntilGone(url);
    // An upkeep with an export to make takes longer than the calls.
    const patience = later(due && kill?.thread === "upkeep" ? 700 : 100).then(() => undefined);
    const survived = await Promise.race([server.ended, patience]);
    const outcome = survived ?? (await server.stop("SIGKILL"));
    expect(outcome).toBe("SIGKILL");
    expect(server.stderr).toBe("");
    this.deaths[kill && survived ? kill.thread : "anywhere"]++;
    this.check();
  }

  check(): void {
    const recent = this.visits.filter(({ time }) => time > this.time - 13 * DAY);
    const stored = inspect(this.directory, recent, this.seen);
    for (const visit of recent) {
      // What was confirmed is never lost; what was not may have been stored.
      if (visit.confirmed) expect(stored.has(visit)).toBe(true);
    }
  }

  async #callUntilGone(url: string): Promise<void> {
    try {
      // First what is open from before: the very same upload again.
      for (const visit of this.visits) {
        if (!visit.confirmed && visit.time > this.time - 600) await this.#visit(url, visit);
      }
      for (let i = 0; i < 2; i++) {
        const visit = this.#newVisit();
        this.visits.push(visit);
        await this.#visit(url, visit);
      }
    } catch (error) {
      // The connection broke: that is what dying looks like from here.
      if (!(error instanceof TypeError)) throw error;
    }
  }

  #newVisit(): Visit {
    const number = this.visits.length;
    const random = seededRandom(`${this.#name} keys ${number}`);
    const day = Math.floor(this.time / DAY);
    const request = Array.from({ length: KEYS }, (_, i) => ({
      key: Buffer.from(random(16)).toString("base64"),
      rollingStartNumber: (day - 1 - i) * 144,
      rollingPeriod: 144,
      transmissionRisk: 0,
    }));
    return {
      code: String(1_000_000_000 + number),
      keys: request.map(({ key }) => key),
      time: this.time,
      request,
      confirmed: false,
    };
  }

  /** Goes on with a visit from wherever it is; every call may be the last. */
  async #visit(url: string, visit: Visit): Promise<void> {
    const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
      // Another address each time, so that limits do not matter.
      const address = `192.0.2.${this.visits.indexOf(visit) % 250}`;
      const response = await fetch(url + path, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-forwarded-for": address,
          connection: "close",
          ...headers,
        },
        body: JSON.stringify(body),
      });
      return { status: response.status, json: (await response.json()) as Record<string, unknown> };
    };
    if (!visit.certificate) {
      const { code } = visit;
      const laboratory = { "x-api-key": this.laboratoryKey };
      await post("/laboratory/v1/samples", { code }, laboratory);
      await post("/laboratory/v1/results", { code, result: "positive" }, laboratory);
      const key = createHash("sha256").update(code).digest("hex");
      const lookUp = { keyType: "GUID", key };
      const { json } = await post("/version/v1/registrationToken", lookUp);
      const { status, json: answer } = await post("/api/certificate", {
        token: json.registrationToken,
        ekeyhmac: ekeyhmac(visit.request, HMAC_KEY),
      });
      expect(status).toBe(200);
      visit.certificate = answer.certificate as string;
    }
    const body = publishBody(visit.certificate, visit.request);
    const { status, json } = await post("/v1/publish", body);
    expect(status).toBe(200);
    // All at once, or nothing because all were stored before.
    expect([0, KEYS]).toContain(json.insertedExposures);
    visit.confirmed = true;
  }

  /** The first start makes the keys. */
  async begin(): Promise<void> {
    const server = new ServerProcess(this.#bundle, this.directory, this.time);
    expect(await server.url).toBeDefined();
    expect(await server.stop("SIGTERM")).toBe(0);
    this.laboratoryKey = readFileSync(join(this.directory, "laboratory-key"), "utf8").trim();
  }

  /** A life without a kill, from which the server has to leave in peace, with all that is due done. */
  async rest(): Promise<void> {
    this.time += 8 * HOUR;
    const server = new ServerProcess(this.#bundle, this.directory, this.time);
    expect(await server.url).toBeDefined();
    expect(await server.stop("SIGTERM")).toBe(0);
    expect(server.stderr).toBe("");
    this.check();
  }
}

const later = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test(`a server that is killed ${LIVES * KILLS} times keeps every promise`, {
  timeout: 240_000,
}, async () => {
  const bundle = await bundleServer();
  const lives = Array.from({ length: LIVES }, (_, i) => new Life(`life ${i}`, bundle));
  await Promise.all(
    lives.map(async (life) => {
      await life.begin();
      for (let i = 1; i <= KILLS; i++) {
        await life.die();
        // Otherwise an upload might never be exported within its two weeks.
        if (i % 10 === 0) await life.rest();
      }
    }),
  );
  for (const life of lives) {
    const { visits, seen, time, directory } = life;
    // The deaths were where they were meant to be, and work was done in between.
    expect(life.deaths.main).toBeGreaterThan(KILLS / 10);
    expect(life.deaths.upkeep).toBeGreaterThan(KILLS / 10);
    expect(seen.halfMade).toBeGreaterThan(2);
    expect(visits.filter(({ confirmed }) => confirmed).length).toBeGreaterThan(KILLS / 5);
    // What was confirmed was exported, once.
    for (const { confirmed, keys, time: at } of visits) {
      if (confirmed && at < time - 6 * HOUR) {
        for (const key of keys) expect(seen.keys.get(key)).toBeDefined();
      }
    }
    // Two weeks and more have passed, and nothing is older.
    expect(time - START).toBeGreaterThan(14 * DAY);
    const bytes = everyByte(directory);
    for (const { keys, time: at } of visits) {
      if (at > time - 14 * DAY - HOUR) continue;
      for (const key of keys) expect(bytes.includes(Buffer.from(key, "base64"))).toBe(false);
    }
  }
});
