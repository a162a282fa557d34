/**
 * `node dist/simulator/energy/calibrate.js`: how far {@link CpuEstimate} is off. The bundle lives through some hours on the real
 * interpreter (`ESPRUINO`, as for `npm run size`) under callgrind, which counts the instructions of its callbacks alone; what it
 * calls meanwhile is what the estimate is made from.
 */
import { fileURLToPath } from "node:url";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFor } from "../../firmware/build/bundle.ts";
import type { Activity } from "../espruino/activity.ts";
import { CROWD } from "../interpreter/crowd.ts";
import { WEAR } from "../interpreter/memory.ts";
import { runOnEspruino } from "../interpreter/run.ts";
import { CpuEstimate } from "./cpu.ts";

const LINUX_BOARD = fileURLToPath(
  new URL("../interpreter/linux-board.js", import.meta.url),
).replace("/dist/", "/");
const IDENTITY = { serial: 1, key: new Uint8Array(16) };
const TURNS = 50;

/** What is lived through. The estimate's costs were fitted to all but the last. */
const SCRIPTS = {
  "a day alone": "advance(86400);",
  "an hour among 20": "crowd = 20; advance(3600);",
  "three hours among 8, three alone": "crowd = 8; advance(10800); crowd = 0; advance(10800);",
  "two hours among 3, half an hour among 30, then alone":
    "crowd = 3; advance(7200); crowd = 30; advance(1800); crowd = 0; advance(12600);",
  "two hours among 14, one among 2, then alone":
    "crowd = 14; advance(7200); crowd = 2; advance(3600); crowd = 0; advance(7200);",
};

// Callgrind counts while it is inside of one of these, and not while it is inside of two.
const COLLECT = ["findIndex", "some", "every"].map(
  (method) => `--toggle-collect=jswrap_array_${method}`,
);

// `counted` runs a callback of the firmware, and `uncounted` what stands in for the board in it.
const DOUBLES = `
  record = function () {};
  ${WEAR}
  var one = [0], arm = setTimeout, disarm = clearTimeout, flash = require("Flash"), crypto = require("crypto");
  function empty() {}
  function counted(callback) { one.findIndex(callback); }
  setTimeout = function (callback, milliseconds) {
    var id;
    one.some(function () { print("DID arm"); id = arm(callback, milliseconds); });
    return id;
  };
  clearTimeout = function (id) { one.some(function () { disarm(id); }); };
  delete E.hwRand;
  flash.read = linuxFlash.read;
  flash.write = function (bytes, address) {
    one.some(function () { print("DID flash " + bytes.length); });
    linuxFlash.write(bytes, address);
  };
  crypto.SHA256 = function (bytes) {
    one.some(function () { print("DID crypto"); });
    return linuxCrypto.SHA256(bytes);
  };
  crypto.AES = { encrypt: function (bytes, key, options) {
    one.some(function () { print("DID crypto"); });
    return linuxCrypto.AES.encrypt(bytes, key, options);
  } };
  NRF.setAdvertising = NRF.setAddress = NRF.sleep = NRF.wake = empty;
  LED1.write = LED2.write = LED3.write = empty;`;

const LIFE = `
  ${CROWD}
  NRF.setScan = function (callback) {
    if (callback && crowd) one.some(function () {
      // A neighbour is heard twice in a scan.
      for (var packet = 0; packet < 2; packet++)
        for (var neighbour = 0; neighbour < crowd; neighbour++) {
          print("DID beacon");
          [beacon(neighbour)].every(callback);
        }
    });
  };
  // The double's own would have callgrind count the timers that it takes off the list, and not the callbacks.
  advance = function (seconds) {
    var end = virtualNow + seconds;
    for (;;) {
      var next;
      for (var i in timers)
        if (timers[i].at <= end && (!next || timers[i].at < next.at)) next = timers[i];
      if (!next) break;
      disarm(next.id);
      if (next.at > virtualNow) virtualNow = next.at;
      current = next.callback;
      print("DID timer");
      counted(current);
      next = undefined;
    }
    virtualNow = end;
  };
  // The firmware starts anew, on what stands in for its board by now; its clock goes on.
  var time = virtualNow;
  powerOff();
  virtualNow = time;
  print("DID boot");
  counted(function () { eval(require("Storage").read(".bootcde")); });`;

/** Runs a script, and returns the instructions that were counted in it and all that it printed. */
async function count(script: string): Promise<{ instructions: number; output: string }> {
  const command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", ...COLLECT];
  const image = buildStorageImage("puckjs", IDENTITY, firmware);
  const { output } = await runOnEspruino([...command, interpreter], image, script);
  return { instructions: Number(/Collected : (\d+)/.exec(output)?.[1]), output };
}

// Instructions of one turn of a loop with `body`, without the loop.
async function cost(body: string, prepare = ""): Promise<number> {
  // Timers of Espruino's own would keep it running.
  const loop = (what: string): string => `${DOUBLES} ${prepare}
    counted(function () { for (var i = 0; i < ${TURNS}; i++) { ${what} } }); clearTimeout();`;
  const [full, empty] = [await count(loop(body)), await count(loop(""))];
  return (full.instructions - empty.instructions) / TURNS;
}

function activityOf(what: string, bytes: number): Activity | undefined {
  if (what === "timer" || what === "beacon" || what === "boot") {
    return { what: "script", trigger: what };
  }
  if (what === "flash") return { what, bytes };
  return what === "crypto" ? { what } : undefined;
}

const interpreter = process.env["ESPRUINO"] ?? "";
if (!interpreter) {
  console.log("Set ESPRUINO to an Espruino interpreter, and install valgrind.");
  process.exit(2);
}
const firmware = await buildFor(LINUX_BOARD);

// What the doubles cost more than the board's own calls.
const arming =
  (await cost("setTimeout(empty, 1e6);")) -
  (await cost("setTimeout(empty, 1e6);", "delete global.setTimeout; delete global.clearTimeout;"));
const telling = await cost(
  "tell(0, 0);",
  "function tell(bytes, address) { one.some(function () {}); }",
);
console.log(`A double of setTimeout costs ${Math.round(arming)} more than Espruino's own,`);
console.log(`one of flash or cryptography ${Math.round(telling)}: taken off.`);

for (const [name, script] of Object.entries(SCRIPTS)) {
  const { instructions, output } = await count(`${DOUBLES} ${LIFE} ${script}`);
  const estimate = new CpuEstimate();
  let overhead = 0;
  for (const [, what, bytes] of output.matchAll(/^DID (\w+) ?(\d*)/gm)) {
    const activity = activityOf(what as string, Number(bytes));
    if (activity) estimate.take(activity);
    overhead += what === "arm" ? arming : what === "flash" || what === "crypto" ? telling : 0;
  }
  const measured = instructions - overhead;
  const error = (100 * (estimate.instructions / measured - 1)).toFixed(1);
  console.log(
    `${name}: ${(measured / 1e6).toFixed(0)} million instructions, ` +
      `estimated ${(estimate.instructions / 1e6).toFixed(0)} (${error} %)`,
  );
}
