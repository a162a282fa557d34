/** `npm run size`: what the bundle takes of a Puck.js, measured on the real interpreter. */
import { spawnSync } from "node:child_process";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import {
  encode,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
} from "../../protocol/messages.ts";
import { runOnEspruino } from "./run.ts";

const NEIGHBOURS = 60;

const list = (bytes: Uint8Array): string => `[${bytes.join()}]`;
const setClock = encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [Date.UTC(2026, 5, 2) / 1000, 68]);
const switchOn = encode(SET_STATE, 2, SET_STATE_LAYOUT, [1, 0]);

// A worn token that has just heard 60 neighbours; `hear` is then the firmware's callback.
const WORN = `
  record = function () {};
  press(3.5);
  request(${list(setClock)}); advance(1);
  request(${list(switchOn)}); advance(62);
  var hear, rotate, scans = 0;
  // The timer that changes what is advertised is the rotation.
  NRF.setAdvertising = function () { if (!rotate) rotate = current; };
  advance(1200);
  function beacon(i) {
    var data = new Uint8Array(20);
    data.set([i, 7 * i, 13 * i]);
    return { rssi: -60, serviceData: { fd6f: data.buffer } };
  }
  NRF.setScan = function (callback) {
    if (!callback) return;
    hear = callback;
    scans++;
    for (var i = 0; i < ${NEIGHBOURS}; i++) callback(beacon(i));
  };
  while (!scans) advance(1);`;

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
  const worn = `${usage} ${WORN} ${usage} advance(7 * 86400); ${usage}`;
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
  for (const turns of [20, 220]) {
    const script = `${WORN} var near = beacon(${NEIGHBOURS - 1}), kept = timers; function empty() {}
      (function () { for (var turn = 0; turn < ${turns}; turn++) { ${body} } })();`;
    const { output } = await runOnEspruino(command, image, script);
    collected.push(Number(/Collected : (\d+)/.exec(output)?.[1]));
  }
  return ((collected[1] ?? 0) - (collected[0] ?? 0)) / 200;
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
    const callback = await instructions(interpreter, firmware, "empty();");
    const beacon = await instructions(interpreter, firmware, "hear(near);");
    console.log(
      `Empty callback:       ${Math.round(callback)} instructions, with its turn of a loop`,
    );
    const turn = "virtualNow += 1200; rotate(); timers = kept.slice();";
    const rotation = await instructions(interpreter, firmware, turn);
    console.log(`A received beacon:    ${(beacon / callback).toFixed(1)} times that`);
    console.log(`A rotation:           ${(rotation / callback).toFixed(1)} times that`);
  }
}
