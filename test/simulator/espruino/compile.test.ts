import { expect, test } from "vitest";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import type { BoardName } from "../../../protocol/flash-layout.ts";
import { compile } from "../../../simulator/espruino/compile.ts";
import { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { createRandom } from "../../../simulator/random.ts";
import { Timeline } from "../../../simulator/timeline.ts";

test("the same code with the same globals is one function, with others another one", () => {
  const heard: unknown[] = [];
  const code = "tell(a - b);";
  const names = ["a", "b", "tell"];
  const script = compile(code, names);
  expect(compile(code, [...names])).toBe(script);
  script(5, 3, (value: unknown) => heard.push(value));
  compile(code, ["b", "a", "tell"])(5, 3, (value: unknown) => heard.push(value));
  expect(heard).toEqual([2, -2]);
});

test("one script finds each board's own globals, whichever board ran it before", () => {
  // A Puck.js has lights, and so other globals in the places of these.
  const script = 'NRF.sleep(); if (typeof Bangle === "undefined") LED1.write(true);';
  for (const board of ["puckjs", "banglejs2", "puckjs"] satisfies BoardName[]) {
    const lit: string[] = [];
    const image = buildStorageImage(board, { serial: 1, key: new Uint8Array(16) }, script);
    const device = new EspruinoDevice(new Timeline(0), createRandom("lit"), image, 0, board);
    device.onLight = (colour) => lit.push(colour);
    device.powerOn();
    expect(lit).toEqual(board === "puckjs" ? ["red"] : []);
    expect(device.nrf.onAir()).toBeUndefined();
  }
});
