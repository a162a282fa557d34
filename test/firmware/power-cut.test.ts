import { expect, test } from "vitest";
import { openEncounterLog } from "../../firmware/encounter-log.ts";
import { EPOCH, KEYS, LAST_INTERVAL, openStateStore } from "../../firmware/state-store.ts";
import { decodeLog } from "../../protocol/encounter-log.ts";
import { createRandom } from "../../simulator/random.ts";
import { FakeFlash, fakeBoard, PowerCut } from "../support/fake-board.ts";

const PAGES = 4;

// Runs `script` once for every flash operation in it, with power failing there, then `recover`.
function atEveryCut(
  script: (flash: FakeFlash) => void,
  recover: (flash: FakeFlash, cut: number) => void,
): number {
  const whole = new FakeFlash(PAGES);
  script(whole);
  const random = createRandom("tears");
  for (let cut = 0; cut < whole.operations; cut++) {
    const flash = new FakeFlash(PAGES);
    flash.cutAt = cut;
    // Nothing changed, everything changed, or anything in between.
    flash.unchanged = [0xffffffff, 0, random.uint32()][cut % 3]!;
    expect(() => script(flash)).toThrow(PowerCut);
    recover(flash, cut);
  }
  return whole.operations;
}

test("the state survives a power cut at every single flash operation", () => {
  let confirmed = 0;
  let attempted = 0;
  const script = (flash: FakeFlash): void => {
    confirmed = attempted = 0;
    const store = openStateStore(fakeBoard(flash));
    for (let interval = 1; interval <= 900; interval++) {
      attempted = interval;
      if (store.put32(LAST_INTERVAL, interval)) confirmed = interval;
      if (interval % 144 === 0) store.put(KEYS, new Uint8Array(20).fill(interval / 144));
    }
  };
  const cuts = atEveryCut(script, (flash, cut) => {
    flash.cutAt = Number.POSITIVE_INFINITY;
    const store = openStateStore(fakeBoard(flash));
    const stored = store.get32(LAST_INTERVAL);
    expect([confirmed, attempted], `cut ${cut}`).toContain(stored);
    // A key is there whole or not at all.
    const key = store.image.subarray(KEYS, KEYS + 20);
    expect(new Set(key).size).toBe(1);
    const days = [Math.floor(confirmed / 144), Math.floor(confirmed / 144) - 1];
    expect(days).toContain(key[0]);
    // And life goes on.
    expect(store.put32(LAST_INTERVAL, attempted + 1)).toBe(true);
    expect(openStateStore(fakeBoard(flash)).get32(LAST_INTERVAL)).toBe(attempted + 1);
  });
  expect(cuts).toBeGreaterThan(2000);
});

test("the log survives a power cut at every single flash operation", () => {
  let committed = 0;
  let expired = 0;
  const script = (flash: FakeFlash): void => {
    committed = expired = 0;
    const board = fakeBoard(flash);
    const log = openEncounterLog(board, openStateStore(board));
    for (let number = 0; number < 900; number++) {
      const identifier = new Uint8Array(9).fill(number);
      // Time jumps, so that the oldest records expire while the ring turns.
      const interval = 10_000 + number * 8;
      if (number % 10 === 9) {
        expired = Math.max(0, Math.ceil((interval - 2016 - 10_000) / 8));
        log.expire(interval);
      }
      if (!log.append(interval, identifier, 1 + (number % 31), -60, -50)) throw new Error("full");
      committed = number + 1;
    }
  };
  const read = (flash: FakeFlash) => {
    const board = fakeBoard(flash);
    const log = openEncounterLog(board, openStateStore(board));
    const parts: Uint8Array[] = [];
    for (let position = log.first(); position < log.end(); ) {
      const part = log.read(position)!;
      if (part.next <= position) break;
      parts.push(part.bytes);
      position = part.next;
    }
    return { log, encounters: decodeLog(Buffer.concat(parts)) };
  };
  const cuts = atEveryCut(script, (flash, cut) => {
    flash.cutAt = Number.POSITIVE_INFINITY;
    const { log, encounters } = read(flash);
    const numbers = encounters.map((each) => (each.interval - 10_000) / 8);
    expect(numbers, `cut ${cut}`).toEqual([...numbers].sort((a, b) => a - b));
    const spoilt = encounters.filter(
      ({ rpiPrefix, minutes }, index) =>
        !Buffer.alloc(7, numbers[index]).equals(rpiPrefix) ||
        minutes !== 1 + (numbers[index]! % 31),
    );
    expect(spoilt, `cut ${cut}`).toEqual([]);
    const kept = new Set(numbers);
    const lost: number[] = [];
    for (let number = expired; number < committed; number++) {
      if (!kept.has(number)) lost.push(number);
    }
    expect(lost, `cut ${cut}`).toEqual([]);
    log.expire(20_000);
    expect(log.append(20_000, new Uint8Array(9), 1, -60, -60)).toBe(true);
    expect(read(flash).encounters.at(-1)?.interval).toBe(20_000);
  });
  expect(cuts).toBeGreaterThan(2000);
});

test("what was removed before a power cut is gone from flash after the next boot", () => {
  const secret = Uint8Array.from({ length: 20 }, (_, index) => 0xa0 + index);
  const script = (flash: FakeFlash): void => {
    const store = openStateStore(fakeBoard(flash));
    store.put(KEYS, secret);
    store.renew();
    store.put(LAST_INTERVAL, Uint8Array.of(1, 2, 3, 4));
    store.put(KEYS, new Uint8Array(20));
    store.renew();
  };
  atEveryCut(script, (flash, cut) => {
    flash.cutAt = Number.POSITIVE_INFINITY;
    const store = openStateStore(fakeBoard(flash));
    const holds = Buffer.from(flash.bytes).includes(Buffer.from(secret));
    expect(holds, `cut ${cut}`).toBe(store.image[KEYS] !== 0);
  });
});

test("writes that fail silently now and then leave no gap in the log and lose nothing else", () => {
  const random = createRandom("silent failures");
  const flash = new FakeFlash(PAGES);
  const board = fakeBoard(flash);
  const flaky = {
    ...board,
    writeFlash: (page: number, offset: number, bytes: Uint8Array) =>
      random.uniform() > 0.2 && board.writeFlash(page, offset, bytes),
    eraseFlash: (page: number) => random.uniform() > 0.2 && board.eraseFlash(page),
  };
  const stored: number[] = [];
  for (let number = 0; number < 300; number++) {
    // Every record is written by a token that has just booted.
    const log = openEncounterLog(flaky, openStateStore(board));
    if (log.append(number, new Uint8Array(9).fill(number), 1, -60, -60)) stored.push(number);
  }
  const log = openEncounterLog(board, openStateStore(board));
  const parts: Uint8Array[] = [];
  for (let position = log.first(); position < log.end(); ) {
    const part = log.read(position)!;
    parts.push(part.bytes);
    position = part.next;
  }
  expect(stored.length).toBeGreaterThan(280);
  expect(decodeLog(Buffer.concat(parts)).map((each) => each.interval)).toEqual(stored);
});

test("a flash that fails leaves the state as it was, and says so", () => {
  const flash = new FakeFlash(PAGES);
  const board = fakeBoard(flash);
  const store = openStateStore(board);
  store.put32(LAST_INTERVAL, 5);
  const broken = { ...board, writeFlash: () => false };
  const onBroken = openStateStore(broken);
  expect(onBroken.put(EPOCH, Uint8Array.of(9))).toBe(false);
  expect(onBroken.image[EPOCH]).toBe(0);
  expect(openStateStore(board).get32(LAST_INTERVAL)).toBe(5);
});
