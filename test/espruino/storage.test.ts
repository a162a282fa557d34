import { describe, expect, test } from "vitest";
import { PAGE_BYTES, PUCKJS, poolStart } from "../../protocol/flash-layout.ts";
import {
  decode,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  encode,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  RESPONSE,
  STATUS,
  STATUS_LAYOUT,
} from "../../protocol/messages.ts";
import { untokenise } from "../../simulator/espruino/tokens.ts";
import { CROWD } from "../../simulator/interpreter/crowd.ts";
import { BOOT } from "../../simulator/interpreter/run.ts";
import { visit } from "../../simulator/interpreter/scripted-desk.ts";
import { ENROL, firmware, image, response, run } from "./token.ts";

const WRITERS = ["write", "erase", "eraseAll", "writeJSON", "compact", "open"];

// Whoever calls one of them fails.
const REFUSE = `
  var storage = require("Storage");
  ${JSON.stringify(WRITERS)}.forEach(function (name) {
    storage[name] = function () { throw new Error("Storage." + name); };
    try { require("Storage")[name]("file", "text"); } catch (error) { record("refused", name); }
  });`;

test("the bundle does not name Storage", () => {
  expect(untokenise(firmware)).toContain("Flash");
  expect(untokenise(firmware)).not.toContain("Storage");
});

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("a day with merged pages, a sync and an erasure writes nothing through Storage", async () => {
    const [refused, day] = await run(`
      ${CROWD} ${REFUSE} report();
      ${ENROL} advance(62);
      crowd = 60; advance(5400); crowd = 2; advance(${20 * 3600});
      press(3.5); ${visit(encode(READ_ENCOUNTERS, 89, READ_ENCOUNTERS_LAYOUT, [0]))} ${visit(encode(STATUS, 90, "", []))} advance(70);
      ${BOOT} advance(${3 * 3600});
      press(3.5); ${visit(encode(ERASE, 91, ERASE_LAYOUT, [ERASE_CONFIRMATION]))} advance(3600);
      for (var address = 0; address < ${PUCKJS.storagePages * PAGE_BYTES}; address += 256)
        record("flash", btoa(linuxFlash.read(256, 0x10000000 + address)));
      report();`);
    const names = refused!.filter(([call]) => call === "refused").map(([, name]) => name);
    expect(names).toEqual(WRITERS);
    // The log was merged, and erased.
    expect(decode(STATUS_LAYOUT, response(day!, 90))[5]).toBeGreaterThan(0);
    expect([...response(day!, 91)]).toEqual([ERASE | RESPONSE, 91]);
    // Nothing but the region's pages has changed.
    const parts = day!.filter(([call]) => call === "flash");
    const flash = Buffer.concat(parts.map(([, data]) => Buffer.from(data as string, "base64")));
    const pool = poolStart(PUCKJS);
    expect(flash.length).toBe(image.length);
    expect(flash.subarray(0, pool).equals(image.subarray(0, pool))).toBe(true);
    expect(flash.subarray(pool).equals(image.subarray(pool))).toBe(false);
  });
});
