import { describe, expect, test } from "vitest";
import { checkTarget, FLASH_TARGETS } from "../../../companion/provisioning/flash-target.ts";
import { flashToken, isProvisioned } from "../../../companion/provisioning/flash-token.ts";
import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";

import { readStorageFile } from "../../../simulator/espruino/storage.ts";
import { FakeEspruino } from "./fake-espruino.ts";

const TARGET = FLASH_TARGETS.puckjs;
const FACTS = { board: "PUCKJS", version: "2v29", storageBytes: 40 * 1024 };
const identity = { serial: 7, key: Uint8Array.from({ length: 16 }, (_, index) => 200 + index) };
const firmware = "print(1);".repeat(101);
const image = buildStorageImage("puckjs", identity, firmware);

const failure = (code: string) => expect.objectContaining({ name: "Failure", code });

const flashInto = (board: FakeEspruino): Promise<void> =>
  flashToken(board, TARGET, identity, firmware, () => {});

describe("flashing", () => {
  test("leaves the same as a HEX file, and a board that restarts as a token", async () => {
    const board = new FakeEspruino();
    board.flash.fill(0x55);
    expect(await isProvisioned(board, TARGET)).toBe(false);
    const progress: [number, number][] = [];
    await flashToken(board, TARGET, identity, firmware, (...step) => progress.push(step));
    expect(Buffer.compare(board.flash, image)).toBe(0);
    expect(await isProvisioned(board, TARGET)).toBe(true);
    expect(board.restarts).toBe(1);
    const [done, total] = progress.at(-1)!;
    expect(done).toBe(total);
  });

  test.each([false, true])(
    "a port that vanishes at any moment leaves no half of a token (the last step done: %s)",
    async (afterwards) => {
      const whole = new FakeEspruino();
      await flashInto(whole);
      for (let at = 1; at <= whole.evaluations; at++) {
        const board = new FakeEspruino();
        // What was on it before: another token.
        board.flash.set(buildStorageImage("puckjs", { ...identity, serial: 6 }, "print(2)"));
        const before = Uint8Array.from(board.flash);
        board.vanishesAt = at;
        board.vanishesAfterwards = afterwards;
        await expect(flashInto(board)).rejects.toThrow(failure("link-lost"));
        board.vanishesAt = Number.POSITIVE_INFINITY;
        if (await isProvisioned(board, TARGET)) {
          // Not yet begun, or complete.
          expect([before, image].some((flash) => !Buffer.compare(flash, board.flash))).toBe(true);
        } else if (readStorageFile(board.flash, ".bootcde")) {
          // Code that boots is whole.
          expect(Buffer.from(readStorageFile(board.flash, ".bootcde")!).toString().trimEnd()).toBe(
            firmware,
          );
        }
        await flashInto(board);
        expect(Buffer.compare(board.flash, image)).toBe(0);
      }
    },
  );

  test("flash that does not hold what is written is found, and the board stays blank", async () => {
    for (const at of [8, 140, 16_370, 20_000]) {
      const board = new FakeEspruino();
      const { evaluate } = board;
      board.evaluate = async (expression) => {
        const value = await evaluate.call(board, expression);
        board.flash[at]! &= 0x10;
        return value;
      };
      await expect(flashInto(board)).rejects.toThrow(failure("flash-mismatch"));
      expect(await isProvisioned(board, TARGET)).toBe(false);
    }
  });

  test("firmware that does not fit leaves the board as it is", async () => {
    const board = new FakeEspruino();
    const large = "x".repeat(16 * 1024);
    await expect(flashToken(board, TARGET, identity, large, () => {})).rejects.toThrow(
      failure("firmware-too-large"),
    );
    expect(board.evaluations).toBe(0);
  });
});

describe("the right board", () => {
  test.each(["2v29", "2v29.12", "2v29.277", "3v0"])("may run %s", (version) => {
    checkTarget({ ...FACTS, version }, TARGET);
  });

  test.each(["2v28", "2v28.900", "1v99", "nonsense"])("is too old with %s", (version) => {
    expect(() => checkTarget({ ...FACTS, version }, TARGET)).toThrow(failure("board-too-old"));
  });

  test("is the one that the firmware is for, in the right build", () => {
    expect(() => checkTarget(FACTS, FLASH_TARGETS.banglejs2)).toThrow(/use --board puckjs\./);
    const minimal = { ...FACTS, storageBytes: 96 * 1024 };
    expect(() => checkTarget(minimal, TARGET)).toThrow(
      /a PUCKJS with 96 kB of Storage, .*connect another/,
    );
    const other = { ...FACTS, board: "PIXLJS" };
    expect(() => checkTarget(other, TARGET)).toThrow(failure("wrong-board"));
  });
});
