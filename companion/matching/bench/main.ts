/**
 * `npm run bench:match`: how many published keys are checked in a second, against plain `node:crypto`, in one run. Keys last a
 * whole day, as in real exports. The rounds of all competitors alternate, and of each the fastest counts: other work on the machine can make a
 * round slower, but none faster.
 */
import { createCipheriv, createHash, hkdfSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { paddedData, RPIK_INFO } from "../../../protocol/key-schedule.ts";
import { type PublishedKeys, publishedKeys } from "../../exports/published-keys.ts";
import { KernelFinder } from "../kernel-finder.ts";
import { type IndexedEntry, indexLog, type LogIndex, openIntervals } from "../log-index.ts";
import { ThreadsFinder } from "../threads-finder.ts";

const DAY = 144;
const DAYS = 14;
const START = 2_666_880;
const KEY_BYTES = 16;
const NO_SALT = new Uint8Array(0);

const KEYS = 250_000;
const PLAIN_KEYS = 1_000;
const ROUNDS = 9;
const LOG_SIZES = [500, 5_000, 50_000];

/** At which intervals of a day the wearer met somebody, and how many intervals before and after are derived for each meeting. */
const WORLDS = [
  {
    name: "all 144 intervals",
    meets: Array.from({ length: DAY }, (_, i) => i),
    before: 12,
    after: 12,
  },
  // Real meetings open 25; whoever met nobody on some days has fewer on average.
  { name: "20 intervals", meets: [70], before: 10, after: 9 },
] as const;

const bytes = (label: string): Uint8Array =>
  createHash("sha256").update(label).digest().subarray(0, KEY_BYTES);

function exported(count: number): PublishedKeys {
  return publishedKeys(
    Array.from({ length: count }, (_, i) => ({
      keyData: bytes(`key ${i}`),
      rollingStartIntervalNumber: START + DAY * (i % DAYS),
      rollingPeriod: DAY,
      transmissionRiskLevel: 0,
      reportType: 1,
    })),
  );
}

// Strangers' RPIs, none of them twice: nothing makes the table smaller.
function logOf(size: number, { meets, before, after }: (typeof WORLDS)[number]): IndexedEntry[] {
  const intervals = Array.from({ length: DAYS }, (_, day) =>
    meets.map((offset) => START + DAY * day + offset),
  ).flat();
  return Array.from({ length: size }, (_, i) => {
    const interval = intervals[Math.floor((i * intervals.length) / size)] as number;
    return { rpi: bytes(`rpi ${i}`), first: interval - before, last: interval + after };
  });
}

// What anyone would write first: (a) hkdfSync, AES-128-ECB for each key, a look-up in a Map for each RPI.
function plainSpeed(heard: ReadonlyMap<string, IndexedEntry>, keys: PublishedKeys): number {
  const { keyData, rollingStart } = keys;
  const blocks = Buffer.concat(Array.from({ length: DAY }, () => paddedData()));
  let found = 0;
  const start = performance.now();
  for (let key = 0; key < PLAIN_KEYS; key++) {
    const tek = keyData.subarray(key * KEY_BYTES, (key + 1) * KEY_BYTES);
    const rpik = new Uint8Array(hkdfSync("sha256", tek, NO_SALT, RPIK_INFO, KEY_BYTES));
    for (let i = 0; i < DAY; i++) {
      blocks.writeUInt32LE((rollingStart[key] as number) + i, i * KEY_BYTES + 12);
    }
    const rpis = createCipheriv("aes-128-ecb", rpik, null).setAutoPadding(false).update(blocks);
    for (let at = 0; at < rpis.length; at += KEY_BYTES) {
      if (heard.has(rpis.subarray(at, at + KEY_BYTES).toString("hex"))) found++;
    }
  }
  if (found > 0) throw new Error("A stranger's RPI was found.");
  return PLAIN_KEYS / (performance.now() - start);
}

async function speedOf(
  finder: { find(keys: PublishedKeys): Promise<Uint32Array> },
  keys: PublishedKeys,
): Promise<number> {
  const start = performance.now();
  if ((await finder.find(keys)).length > 0) throw new Error("A stranger's RPI was found.");
  return keys.length / (performance.now() - start);
}

const perDay = (index: LogIndex): number =>
  openIntervals(index, START, START + DAY * DAYS).length / DAYS;

const keys = exported(KEYS);
const threads = availableParallelism();
const columns = ["log", "intervals", "(a)", "one core", "ratio", `${threads} threads`, "to one"];
console.log(
  `Thousands of published keys a second, each of a whole day; the fastest of ${ROUNDS} rounds.\n` +
    "(a): hkdfSync, AES-128-ECB for each key, a Map look-up for each RPI, with node:crypto.\n",
);
console.log(columns.map((name) => name.padStart(11)).join(""));
for (const world of WORLDS) {
  for (const size of LOG_SIZES) {
    const log = logOf(size, world);
    const heard = new Map(log.map((entry) => [Buffer.from(entry.rpi).toString("hex"), entry]));
    const index = indexLog(log);
    const here = new KernelFinder(index);
    const single = new ThreadsFinder(index, 1);
    const all = new ThreadsFinder(index, threads);
    const best = { plain: 0, here: 0, single: 0, all: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      best.plain = Math.max(best.plain, plainSpeed(heard, keys));
      best.here = Math.max(best.here, await speedOf(here, keys));
      best.single = Math.max(best.single, await speedOf(single, keys));
      best.all = Math.max(best.all, await speedOf(all, keys));
    }
    await single.close();
    await all.close();
    const cells = [
      size.toLocaleString("en"),
      perDay(index).toFixed(1),
      best.plain.toFixed(1),
      best.here.toFixed(0),
      `${(best.here / best.plain).toFixed(1)} x`,
      best.all.toFixed(0),
      `${(best.all / best.single).toFixed(2)} x`,
    ];
    console.log(`${cells.map((cell) => cell.padStart(11)).join("")}   ${world.name}`);
  }
}
