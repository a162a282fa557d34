/** `npm run size`: what the bundle takes of a Puck.js, measured on the real interpreter. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFirmware, buildFor } from "../../firmware/build/bundle.ts";
import {
  encode,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
} from "../../protocol/messages.ts";
import { runOnEspruino } from "./run.ts";

const NEIGHBOURS = 60;

const LINUX_BOARD = fileURLToPath(new URL("linux-board.js", import.meta.url)).replace(
  "/dist/",
  "/",
);

const list = (bytes: Uint8Array): string => `[${bytes.join()}]`;
const setClock = encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [Date.UTC(2026, 5, 2) / 1000, 68]);
const switchOn = encode(SET_STATE, 2, SET_STATE_LAYOUT, [1, 0]);

// A worn token.
const WORN = `
  record = function () {};
  press(3.5);
  request(${list(setClock)}); advance(1);
  request(${list(switchOn)}); advance(62);
  function beacon(i) {
    var data = new Uint8Array(20);
    data.set([i, 7 * i, 13 * i]);
    return { rssi: -60, serviceData: { fd6f: data.buffer } };
  }`;

const FEW_TURNS = 10;
const TURNS = 100;

// It hears 60 neighbours in each scan.
const CROWD = `
  var scans = 0;
  NRF.setScan = function (callback) {
    if (!callback) return;
    scans++;
    for (var i = 0; i < ${NEIGHBOURS}; i++) callback(beacon(i));
  };
  while (!scans) advance(1);`;

// The firmware starts once more, now on the interpreter's own calls, or on empty ones where it has none.
const NATIVE = `
  var hear, rotate, kept = [], flash = require("Flash");
  function empty() {}
  delete E.hwRand;
  flash.read = linuxFlash.read;
  flash.write = linuxFlash.write;
  setTimeout = function (callback) { if (kept) kept.push(callback); };
  clearTimeout = NRF.setAddress = NRF.sleep = NRF.wake = empty;
  NRF.setScan = function (callback) { if (callback) hear = callback; };
  NRF.scan = undefined;
  boot();
  NRF.setAdvertising = function () { rotate = current; };
  kept.slice().forEach(function (callback) { current = callback; virtualNow += 1200; callback(); });
  NRF.setAdvertising = empty;
  kept = undefined;
  for (var i = 0; i < ${NEIGHBOURS}; i++) hear(beacon(i));
  var near = beacon(${NEIGHBOURS - 1});`;

async function printed(command: string[], firmware: string, script: string): Promise<number[]> {
  const image = buildStorageImage("puckjs", { serial: 1, key: new Uint8Array(16) }, firmware);
  const { output } = await runOnEspruino(command, image, script);
  return Array.from(output.matchAll(/VALUE (\d+)/g), (match) => Number(match[1]));
}

async function variables(interpreter: string, firmware: string): Promise<string> {
  const usage = 'print("VALUE " + process.memory().usage);';
  const [total, double] = await printed(
    [interpreter],
    "0",
    `print("VALUE " + process.memory().total); ${usage}`,
  );
  const worn = `${usage} ${WORN} ${CROWD} ${usage} advance(4 * 3600); ${usage}`;
  const [booted, near, later] = await printed([interpreter], firmware, worn);
  const net = (value = 0): number => value - (double ?? 0);
  return (
    `of ${total}: ${net(booted)} after boot, ${net(near)} with ${NEIGHBOURS} neighbours, ` +
    `${net(later)} after another week`
  );
}

// Instructions of one turn of a loop with `body`, as the difference of many turns and few.
async function instructions(interpreter: string, firmware: string, body: string): Promise<number> {
  const command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", interpreter];
  const image = buildStorageImage("puckjs", { serial: 1, key: new Uint8Array(16) }, firmware);
  const collected: number[] = [];
  for (const turns of [FEW_TURNS, FEW_TURNS + TURNS]) {
    const script = `${WORN} ${NATIVE}
      (function () { for (var turn = 0; turn < ${turns}; turn++) { ${body} } })();`;
    const { output } = await runOnEspruino(command, image, script);
    collected.push(Number(/Collected : (\d+)/.exec(output)?.[1]));
  }
  return ((collected[1] ?? 0) - (collected[0] ?? 0)) / TURNS;
}

const firmware = await buildFirmware("puckjs");
console.log(`Bundle for Puck.js:   ${firmware.length} bytes`);

const interpreter = process.env["ESPRUINO"];
if (!interpreter) {
  console.log(
    "Set ESPRUINO to an Espruino interpreter to measure variables and instructions, too.",
  );
} else {
  console.log(`Variables (JsVars):   ${await variables(interpreter, firmware)}`);
  if (spawnSync("valgrind", ["--version"]).status !== 0) {
    console.log("Install valgrind to count instructions, too.");
  } else {
    const moved = await buildFor(LINUX_BOARD);
    const callback = await instructions(interpreter, moved, "empty();");
    const beacon = await instructions(interpreter, moved, "hear(near);");
    console.log(
      `Empty callback:       ${Math.round(callback)} instructions, with its turn of a loop`,
    );
    // One in each interval of a day, so that the day's key is there.
    const wait = "virtualNow += 600;";
    const rotation =
      (await instructions(interpreter, moved, `${wait} rotate();`)) -
      (await instructions(interpreter, moved, wait)) +
      (await instructions(interpreter, moved, ""));
    console.log(`A received beacon:    ${(beacon / callback).toFixed(1)} times that`);
    console.log(`A rotation:           ${(rotation / callback).toFixed(1)} times that`);
  }
}
