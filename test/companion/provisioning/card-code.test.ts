import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeCardCode, parseCardCode } from "../../../companion/provisioning/card-code.ts";

const identity = { serial: 42, key: Buffer.from("000102030405060708090a0b0c0d0eff", "hex") };

test("its text is fixed: cards are printed with it", () => {
  expect(encodeCardCode(identity)).toBe("SQB1:42:000102030405060708090A0B0C0D0EFF:E27115DC");
});

test("it gives every identity back, as typed by a scanner with or without Caps Lock", () => {
  fc.assert(
    fc.property(
      fc.nat(0xffffffff),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      (serial, bytes) => {
        const key = Buffer.from(bytes);
        const code = encodeCardCode({ serial, key });
        expect(parseCardCode(`${code}\r\n`)).toEqual({ serial, key });
        expect(parseCardCode(code.toLowerCase())).toEqual({ serial, key });
      },
    ),
  );
});

test("no code passes with a wrong, missing or further character", () => {
  const code = encodeCardCode(identity);
  const spoiled = [...code].flatMap((character, index) => {
    const before = code.slice(0, index);
    const after = code.slice(index + 1);
    return [before + after, `${before}${character === "7" ? "8" : "7"}${after}`, before];
  });
  for (const text of [...spoiled, `${code}0`, "", "https://example.org"]) {
    expect(() => parseCardCode(text)).toThrow(
      expect.objectContaining({ code: "card-code-malformed" }),
    );
  }
});
