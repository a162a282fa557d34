/**
 * Measures how many variables (JsVars) the bundle takes on the real interpreter: looked at in each of its calls to
 * the board and after each timer, garbage collected, without those of the double and of the script.
 *
 * @module
 */
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import {
  CONSENT_PUBLISH,
  encode,
  ON,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  READ_KEYS,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  ZONE_OFFSET,
} from "../../protocol/messages.ts";
import { CROWD } from "./crowd.ts";
import { runOnEspruino } from "./run.ts";
import { TOKEN_KEY, visit } from "./scripted-desk.ts";

/** The most neighbours that a token can hear at a time. */
export const NEIGHBOURS = 60;
/** To when {@link WEAR} sets the clock: a midnight in Unix seconds. */
export const WORN_SINCE = Date.UTC(2026, 5, 2) / 1000;
/** Days of the simulated week. */
export const DAYS = 7;

const setClock = encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [Date.UTC(2026, 5, 2) / 1000, ZONE_OFFSET]);
const switchOn = encode(SET_STATE, 2, SET_STATE_LAYOUT, [ON, 0]);
const readLog = encode(READ_ENCOUNTERS, 3, READ_ENCOUNTERS_LAYOUT, [0]);
const consent = encode(SET_STATE, 4, SET_STATE_LAYOUT, [ON, CONSENT_PUBLISH]);
const readKeys = encode(READ_KEYS, 5, "", []);

/** What a script runs to wear a token: a desk sets its clock and switches it on. */
export const WEAR = `
  press(3.5);
  ${visit(setClock)}
  ${visit(switchOn)} advance(62);`;

const WATCH = `
  var usage = 0, peak = 0, scanned = false;
  probe = function () {
    usage = process.memory().usage;
    if (usage > peak) peak = usage;
  };
  record = function (call) { if (call === "heard") scanned = true; probe(); };
  function value() { probe(); print("VALUE " + usage + " " + peak); peak = 0; }
  // Whether a page of the log, behind four of code, stands for more than one.
  function isMerged() {
    for (var page = 4; page < 10; page++) {
      var word = new Uint16Array(linuxFlash.read(20, 0x10000000 + 4096 * page).buffer);
      if (word[0] < 0x8000 && (word[0] ^ word[1]) === 0xffff) {
        var lowest = new Uint8Array(word.buffer, 9, 2);
        if ((lowest[0] | (lowest[1] << 8)) !== word[0]) return true;
      }
    }
    return false;
  }
  ${CROWD}`;

// Each day the whole crowd is near until pages have been merged, then a few stay. On the last one the keys are shared,
// today's too.
const DAY = `
  function day(shares) {
    var end = virtualNow + 86400;
    crowd = ${NEIGHBOURS};
    advance(${120 * 60});
    crowd = 3;
    advance(7200);
    crowd = 0;
    press(3.5); ${visit(readLog)}
    if (shares) { ${visit(consent)} ${visit(readKeys)} }
    advance(end - virtualNow);
    value();
  }`;

/** Variables; see {@link measureMemory}. */
export interface Memory {
  /** All that there are. */
  readonly total: number;
  readonly afterBoot: number;
  /** With 60 neighbours in the table. */
  readonly near: number;
  /** The most at any time while the log is filled, before pages have to be merged. */
  readonly filling: number;
  /** The most at any time while pages are merged. */
  readonly merging: number;
  /** At the end of each day of a week. */
  readonly days: readonly number[];
  /** The most at any time of each day. */
  readonly peaks: readonly number[];
}

type Value = [usage: number, peak: number];

/** Measures a bundle for the Puck.js on an interpreter. */
export async function measureMemory(interpreter: string, firmware: string): Promise<Memory> {
  async function values(bundle: string, script: string): Promise<Value[]> {
    const image = buildStorageImage("puckjs", { serial: 1, key: TOKEN_KEY }, bundle);
    const { output } = await runOnEspruino([interpreter], image, `${WATCH} ${DAY} ${script}`);
    return Array.from(output.matchAll(/VALUE (\d+) (\d+)/g), (match) => [
      Number(match[1]),
      Number(match[2]),
    ]);
  }
  // Without firmware: at rest, and in a call of the board from a timer.
  const [atRest, inCall, all] = await values(
    "0",
    `value();
    setTimeout(function () { require("Flash").write(new Uint8Array(4), 0x6d000); }, 1);
    advance(1); value();
    print("VALUE 0 " + process.memory().total);`,
  );
  const [booted, near, filled, merged, ...days] = await values(
    firmware,
    `value(); ${WEAR}
    crowd = ${NEIGHBOURS};
    while (!scanned) advance(0.1);
    value();
    for (var before = 0; !isMerged(); advance(10)) {
      before = Math.max(before, peak);
      peak = 0;
    }
    print("VALUE 0 " + before);
    value();
    crowd = 0;
    for (var dayNumber = 1; dayNumber <= ${DAYS}; dayNumber++) day(dayNumber === ${DAYS});`,
  );
  const resting = (value?: Value): number => value![0] - atRest![0];
  const most = (value?: Value): number => value![1] - inCall![1];
  return {
    total: all![1],
    afterBoot: resting(booted),
    near: resting(near),
    filling: most(filled),
    merging: most(merged),
    days: days.map(resting),
    peaks: days.map(most),
  };
}
