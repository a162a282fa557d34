/**
 * `npm run size`: what the bundle takes of a Puck.js, measured on the real interpreter. Fails when a limit is
 * exceeded.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFirmware, buildFor } from "../../firmware/build/bundle.ts";
import { packEncounter, packMark, RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { codeRoom, PAGE_BYTES, PUCKJS, poolStart } from "../../protocol/flash-layout.ts";
import { INTERVALS_PER_DAY } from "../../protocol/intervals.ts";
import { CROWD, crowdBeacon } from "./crowd.ts";
import { DAYS, measureMemory, NEIGHBOURS, WEAR, WORN_SINCE } from "./memory.ts";
import { BOOT, runOnEspruino } from "./run.ts";
import { MOST_VARIABLES } from "./variables.ts";

const LINUX_BOARD = fileURLToPath(new URL("linux-board.js", import.meta.url)).replace(
  "/dist/",
  "/",
);

/** What the layout leaves for the bundle. */
const MOST_BYTES = codeRoom(PUCKJS);
/** In empty callbacks. */
const MOST_FOR_BEACON = 12;
const MOST_FOR_ROTATION = 60;
/** From the 16th day on the state moves to another page, so that the oldest key is gone. */
const MOST_FOR_KEY = 3000;
/** A minute at the processor's clock. */
const CLOCK_HERTZ = 64e6;
const MOST_SECONDS = 60;

const IDENTITY = { serial: 1, key: new Uint8Array(16) };
const SLOTS = 341;
/** One page holds state, one is spare, and the first one is not the log's. */
const LOG_PAGES = PUCKJS.poolPages - 2;

/** What a neighbour takes of a page after a day. */
const TIME_MARK_AND_RECORD = 2;

const FEW_TURNS = 16;
const TURNS = 100;
const TURNS_WITH_KEY = 10;

const QUIET = `
  record = function () {};
  function beacon(i) {
    var data = new Uint8Array(20);
    data.set([i, 7 * i, 13 * i]);
    return { rssi: -60, id: "", data: beaconOf(data).buffer };
  }`;

// The firmware starts once more, now on the interpreter's own calls, or on empty ones where it has none.
const NATIVE = `
  var hear, rotate, kept = [], flash = require("Flash");
  function empty() {}
  delete E.hwRand;
  require("crypto").SHA256 = linuxCrypto.SHA256;
  require("crypto").AES = linuxCrypto.AES;
  flash.read = linuxFlash.read;
  flash.write = linuxFlash.write;
  setTimeout = function (callback) { if (kept) kept.push(callback); };
  clearTimeout = NRF.setAddress = NRF.sleep = NRF.wake = empty;
  NRF.setScan = function (callback) { if (callback) global["#onblescan"] = callback; };
  ${BOOT}
  NRF.setAdvertising = function () { rotate = current; };
  kept.slice().forEach(function (callback) { current = callback; virtualNow += 1200; callback(); });
  NRF.setAdvertising = empty;
  kept = undefined;
  hear = global["#onblescan"];
  for (var sender = 0; sender < ${NEIGHBOURS}; sender++) hear(beacon(sender));
  var near = beacon(${NEIGHBOURS - 1});`;

// Runs under callgrind.
async function instructionsOf(
  interpreter: string,
  image: Uint8Array,
  script: string,
): Promise<number> {
  const command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", interpreter];
  const { output } = await runOnEspruino(command, image, script);
  return Number(/Collected : (\d+)/.exec(output)?.[1]);
}

// Instructions of one turn of a loop with `body`, as the difference of many turns and few.
async function instructions(
  interpreter: string,
  firmware: string,
  body: string,
  more = TURNS,
): Promise<number> {
  const image = buildStorageImage("puckjs", IDENTITY, firmware);
  const collected: number[] = [];
  for (const turns of [FEW_TURNS, FEW_TURNS + more]) {
    const script = `${QUIET} ${WEAR} ${NATIVE}
      (function () { for (var turn = 0; turn < ${turns}; turn++) { ${body} } })();`;
    collected.push(await instructionsOf(interpreter, image, script));
  }
  return ((collected[1] ?? 0) - (collected[0] ?? 0)) / more;
}

// Instructions of merging, as the difference of one record more in a log of full pages and in one that has
// room for it. In each scan of these pages all neighbours were heard.
async function merging(interpreter: string, firmware: string): Promise<number> {
  const collected: number[] = [];
  for (const free of [TIME_MARK_AND_RECORD, 0]) {
    const image = buildStorageImage("puckjs", IDENTITY, firmware);
    const pool = poolStart(PUCKJS);
    let heard = 0;
    for (let page = 0; page < LOG_PAGES; page++) {
      const bytes = image.subarray(pool + page * PAGE_BYTES, pool + (page + 1) * PAGE_BYTES);
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, ((~page << 16) | page) >>> 0, true);
      const interval = WORN_SINCE / 600 - INTERVALS_PER_DAY + page;
      bytes.set(packMark(interval, 1, page), 4);
      const end = page === LOG_PAGES - 1 ? SLOTS - free : SLOTS;
      for (let slot = 1; slot < end; slot++, heard++) {
        const scan = Math.floor(heard / NEIGHBOURS);
        const time = WORN_SINCE - INTERVALS_PER_DAY * 600 + 150 * scan;
        const { rssi, bytes: beacon } = crowdBeacon(heard % NEIGHBOURS, time);
        const identifier = new Uint8Array([...beacon.subarray(0, 7), ...beacon.subarray(16, 18)]);
        bytes.set(packEncounter(identifier, 0, 3, rssi, rssi), 4 + RECORD_BYTES * slot);
      }
    }
    const script = `record = function () {}; ${CROWD}
      var flash = require("Flash");
      flash.read = linuxFlash.read;
      flash.write = linuxFlash.write;
      ${WEAR}
      crowd = 1; advance(300); crowd = 0; advance(300);`;
    collected.push(await instructionsOf(interpreter, image, script));
  }
  return (collected[1] ?? 0) - (collected[0] ?? 0);
}

function line(name: string, value: number, limit: number, after = ""): void {
  const exceeds = !(value <= limit);
  if (exceeds) process.exitCode = 1;
  const verdict = exceeds ? "EXCEEDS the limit" : "limit";
  console.log(`${name.padEnd(34)}${String(value).padStart(7)}${after} (${verdict} ${limit})`);
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

const firmware = await buildFirmware("puckjs");
line("Bundle for Puck.js, bytes stored", firmware.length, MOST_BYTES);

const interpreter = process.env["ESPRUINO"];
if (!interpreter) {
  console.log(
    "Set ESPRUINO to an Espruino interpreter to measure variables and instructions, too.",
  );
} else {
  const memory = await measureMemory(interpreter, firmware);
  console.log(`Variables (JsVars), of ${memory.total}:`);
  line("  after boot", memory.afterBoot, MOST_VARIABLES);
  line(`  with ${NEIGHBOURS} neighbours`, memory.near, MOST_VARIABLES);
  line("  the most while the log fills", memory.filling, MOST_VARIABLES);
  line("  the most while pages are merged", memory.merging, MOST_VARIABLES);
  line("  after a day", memory.days[0]!, MOST_VARIABLES);
  line(`  after ${DAYS} days`, memory.days.at(-1)!, MOST_VARIABLES);
  line(`  the most in ${DAYS} days`, Math.max(...memory.peaks), MOST_VARIABLES);
  if (spawnSync("valgrind", ["--version"]).status !== 0) {
    console.log("Install valgrind to count instructions, too.");
  } else {
    const moved = await buildFor(LINUX_BOARD);
    const turn = await instructions(interpreter, moved, "");
    const callback = await instructions(interpreter, moved, "empty();");
    console.log(
      `Instructions of an empty callback, with its turn of a loop: ${Math.round(callback)}`,
    );
    const beacon = await instructions(interpreter, moved, "hear(near);");
    line("  a received beacon, times that", tenths(beacon / callback), MOST_FOR_BEACON);
    // One in each interval of a day, so that the day's key is there; then one in each day.
    for (const [name, wait, limit, turns] of [
      ["  a rotation, times that", "virtualNow += 600;", MOST_FOR_ROTATION, TURNS],
      ["  with a new day's key, times that", "virtualNow += 86400;", MOST_FOR_KEY, TURNS_WITH_KEY],
    ] as const) {
      const rotation =
        (await instructions(interpreter, moved, `${wait} rotate();`, turns)) -
        (await instructions(interpreter, moved, wait, turns)) +
        turn;
      line(name, tenths(rotation / callback), limit);
    }
    const merged = await merging(interpreter, moved);
    console.log(`  merging two full pages: ${merged}`);
    line(
      "  estimate at 64 MHz, one instruction a cycle, seconds",
      tenths(merged / CLOCK_HERTZ),
      MOST_SECONDS,
    );
  }
}
