import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { buildStorageImage } from "../../companion/provisioning/storage-image.ts";
import { buildFirmware } from "../../firmware/build/bundle.ts";
import {
  encode,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
} from "../../protocol/messages.ts";
import { type Recorded, runOnEspruino } from "./interpreter.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../vectors/key-schedule.json", import.meta.url), "utf8"),
) as { tek: string; startInterval: number; intervals: [number, string, string][] };

const bytes = (data: Uint8Array): string => `[${data.join()}]`;

function broadcastRpis(recorded: Recorded[]): string[] {
  return recorded
    .filter(([call]) => call === "setAdvertising")
    .map(([, argument]) => Buffer.from((argument as { data: string }).data, "base64"))
    .filter((payload) => payload.length === 31)
    .map((payload) => payload.subarray(11, 27).toString("hex"));
}

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test("the bundle broadcasts the first RPI of the published vectors", async () => {
    const firmware = await buildFirmware("puckjs");
    const image = buildStorageImage({ serial: 1, key: new Uint8Array(16) }, firmware);
    const setClock = encode(SET_CLOCK, 1, SET_CLOCK_LAYOUT, [vectors.startInterval * 600]);
    const switchOn = encode(SET_STATE, 2, SET_STATE_LAYOUT, [1, 0]);
    const [boot, sync, on] = await runOnEspruino(
      `${firmware}
      report();
      press(3.5);
      request(${bytes(setClock)});
      advance(1);
      randomBytes = ${bytes(Buffer.from(vectors.tek, "hex"))};
      request(${bytes(switchOn)});
      advance(1);
      report();
      advance(60);
      report();`,
      image,
    );

    expect(boot?.[0]?.[0]).toBe("sleep");
    expect(boot?.map(([call]) => call)).not.toContain("wake");
    expect(sync?.filter(([call]) => call === "notify").map(([, value]) => value)).toEqual([
      Buffer.from([1, 0x80, 0x82, 1]).toString("base64"),
      Buffer.from([2, 0x80, 0x86, 2]).toString("base64"),
    ]);
    expect(broadcastRpis(on ?? [])).toEqual([vectors.intervals[0]?.[1]]);
  });
});
