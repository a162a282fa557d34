import { describe, expect, test } from "vitest";
import { publishedInWords } from "../../../companion/cli/share.ts";

const published = (inserted: number | null, refusedPositions: number[] = [], leftOut = 0) =>
  publishedInWords({ inserted, refused: refusedPositions.length, refusedPositions, leftOut });

describe("what saqbol share says", () => {
  test("when keys were published: that warnings wait until the server gives the keys out", () => {
    expect(published(14)).toBe(
      "14 keys were published; those who were near can be warned as soon as the server gives them out, which takes some hours for a key of today.",
    );
    expect(published(1)).toMatch(/^1 key was published; .* gives it out/);
  });

  test.each([
    ["refused", [1, 2], 0],
    ["left out", [], 2],
    ["refused or left out", [1], 1],
  ])("when all keys were %s, it promises no warning", (_, refused, leftOut) => {
    const words = published(0, refused, leftOut);
    expect(words).toMatch(/^No new key was published\.\nNote: /);
    expect(words).not.toMatch(/warned/);
  });

  test("when the answer was lost: that the keys are there, not how many", () => {
    expect(published(null)).toMatch(/has this token's keys/);
  });
});
