import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFor } from "../../firmware/build/bundle.ts";
import { type BoardName, LAYOUTS } from "../../protocol/flash-layout.ts";
import { vectors } from "../support/vectors.ts";
import { ENROL, onAir, run } from "./token.ts";

const LINUX_STORAGE = 0x10000000;
const FOLDER = fileURLToPath(new URL("../../firmware/boards/", import.meta.url));
// The release bundle of a Puck.js has tests of its own.
const BOARDS = (Object.keys(LAYOUTS) as BoardName[]).filter((board) => board !== "puckjs");

// What the boards have beyond the double, which is a Puck.js.
const PRELUDE = `
  var isPressed = false, pressOnly = press;
  // A button that is polled is let go a little later.
  press = (seconds) => {
    pressOnly(seconds);
    advance(0.2);
  };
  NRF.getBattery = () => 2.8;
  E.kickWatchdog = () => {};
  BTN.read = () => isPressed;
  var VIBRATE = { write: (on) => record("motor", on) };
  var Bangle = {
    setOptions: () => {},
    setLocked: () => {},
    on: (event, listener) => {
      watch = (press) => {
        isPressed = press.state;
        if (isPressed) listener(false);
      };
    },
  };
  var g = {
    clear: () => {},
    setFont: () => {},
    setFontAlign: () => {},
    drawString: (text) => record("text", text),
    fillPoly: (corners) => record("corners", corners.length),
  };
`;

// The board, but with its Storage where Espruino for Linux has its flash.
async function buildForLinux(board: BoardName): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "saqbol-board-"));
  try {
    const path = join(folder, "board.js");
    const layout = { ...LAYOUTS[board], storage: LINUX_STORAGE };
    writeFileSync(join(folder, "layout.js"), `export const LAYOUT = ${JSON.stringify(layout)};`);
    writeFileSync(
      path,
      `export { LAYOUT } from "./layout.js";
      export * from ${JSON.stringify(`${FOLDER}${board}.ts`)};`,
    );
    return await buildFor(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// A build that is like a Puck.js has no AES-CCM, which a Bangle.js 2 has.
async function hasCcm(): Promise<boolean> {
  const script = 'record("ccm", !!(this.AES && AES.ccmEncrypt)); report();';
  const [recorded] = await run(
    script,
    buildStorageImage("puckjs", { serial: 1, key: new Uint8Array(16) }, "0"),
  );
  return recorded?.[0]?.[1] === true;
}

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test.for(BOARDS)(
    "%s broadcasts the first RPI of the published vectors",
    async (board, { skip }) => {
      if (board === "banglejs2" && !(await hasCcm())) {
        console.info("This interpreter has no AES-CCM: the Bangle.js 2 is not tested.");
        skip();
      }
      const code = PRELUDE + (await buildForLinux(board));
      const identity = { serial: 1, key: new Uint8Array(16) };
      const image = buildStorageImage(board, identity, code);
      const [booted, on] = await run(`report(); ${ENROL} advance(60); report();`, image);
      const first = onAir(on ?? []).find(({ rpi }) => rpi);
      expect(first?.rpi).toBe(vectors.intervals[0]?.[1]);
      const texts = [...(booted ?? []), ...(on ?? [])].filter(([call]) => call === "text");
      const expected = ["BRING TO\nTHE CLINIC", "CLINIC\nMAY READ", "00:00", "ON"];
      const found = texts.map(([, text]) => text);
      expect(expected.filter((text) => found.includes(text))).toEqual(
        board === "banglejs2" ? expected : [],
      );
    },
  );
});
