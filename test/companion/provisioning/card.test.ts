import { inflateSync } from "node:zlib";
import { create, type Font } from "fontkit";
import decodeQR from "qr/decode.js";
import { describe, expect, test } from "vitest";
import { LANGUAGES } from "../../../companion/languages.ts";
import { buildCard, serialInGroups } from "../../../companion/provisioning/card/card.ts";
import { fontFile } from "../../../companion/provisioning/card/fonts.ts";
import { CARD_WORDS } from "../../../companion/provisioning/card/words.ts";
import { parseCardCode } from "../../../companion/provisioning/card-code.ts";
import { SIGNALS } from "../../../protocol/signals.ts";

const identity = { serial: 4242, key: Buffer.from("f0e1d2c3b4a5968778695a4b3c2d1e0f", "hex") };
const PIXELS_PER_CELL = 4;
const QUIET_CELLS = 4;

type Square = readonly [x: number, y: number];

// What a camera would see of the drawn squares, whose side is `side`.
function scan(squares: readonly Square[], side: number): string {
  const columns = squares.map(([x, y]) => [Math.round(x / side), Math.round(y / side)] as const);
  const left = Math.min(...columns.map(([x]) => x)) - QUIET_CELLS;
  const top = Math.min(...columns.map(([, y]) => y)) - QUIET_CELLS;
  const cells = Math.max(...columns.map(([x]) => x)) - left + 1 + QUIET_CELLS;
  const size = cells * PIXELS_PER_CELL;
  const data = new Uint8Array(size * size * 4).fill(255);
  for (const [x, y] of columns) {
    for (let pixel = 0; pixel < PIXELS_PER_CELL ** 2; pixel++) {
      const column = (x - left) * PIXELS_PER_CELL + (pixel % PIXELS_PER_CELL);
      const row = (y - top) * PIXELS_PER_CELL + Math.floor(pixel / PIXELS_PER_CELL);
      data.fill(0, (row * size + column) * 4, (row * size + column) * 4 + 3);
    }
  }
  return decodeQR({ width: size, height: size, data });
}

const svgOf = async (language: (typeof LANGUAGES)[number]): Promise<string> =>
  Buffer.from(await buildCard(identity, language, "svg")).toString("utf8");

describe.each(LANGUAGES)("the card in %s", (language) => {
  test("as SVG: its QR code gives the identity back", async () => {
    const squares = Array.from(
      (await svgOf(language)).matchAll(/M(\d+) (\d+)h1v1h-1z/g),
      ([, x, y]): Square => [Number(x), Number(y)],
    );
    expect(parseCardCode(scan(squares, 1))).toEqual(identity);
  });

  test("as PDF: its QR code gives the identity back, and it has one page and its fonts in it", async () => {
    const pdf = Buffer.from(await buildCard(identity, language, "pdf"));
    const text = pdf.toString("latin1");
    expect(text.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(text.match(/\/FontFile2/g)).toHaveLength(2);
    const drawing = Array.from(text.matchAll(/\nstream\n/g), ({ index }) => {
      const start = index + "\nstream\n".length;
      return inflateSync(pdf.subarray(start, pdf.indexOf("endstream", start))).toString("latin1");
    }).find((stream) => stream.includes(" re\n"))!;
    const squares = Array.from(drawing.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) \3 re\n/g), (match) =>
      match.slice(1).map(Number),
    );
    const [left, top, side] = squares[0] as [number, number, number];
    const cells = squares.map(([x, y]): Square => [x! - left, y! - top]);
    expect(parseCardCode(scan(cells, side))).toEqual(identity);
  });

  test("it says everything, within its edges", async () => {
    const svg = await svgOf(language);
    const said = Array.from(svg.matchAll(/aria-label="([^"]*)"/g), ([, text]) => text).join(" ");
    const words = CARD_WORDS[language];
    const sentences = [
      ...[words.subtitle, words.serial, words.signalsTitle, words.buttonTitle, words.footer],
      ...Object.values(words.signals),
      ...words.button.flat(),
      ...["Saqbol", "004 242"],
    ];
    for (const sentence of sentences) expect(said).toContain(sentence);
    const outlines = Array.from(svg.matchAll(/ d="(M[^"]* [^"]*)"\/>/g), ([, path]) => path!);
    for (const path of outlines) {
      const numbers = Array.from(path.matchAll(/-?\d+(\.\d+)?/g), ([text]) => Number(text));
      const [xs, ys] = [0, 1].map((odd) => numbers.filter((_, index) => index % 2 === odd));
      expect(Math.max(...xs!)).toBeLessThanOrEqual(105 - 6);
      expect(Math.max(...ys!)).toBeLessThanOrEqual(148 - 3);
    }
  });

  test("no letter is missing from the fonts", () => {
    const letters = new Set(JSON.stringify(CARD_WORDS[language]));
    for (const weight of ["regular", "bold"] as const) {
      const font = create(fontFile(weight)) as Font;
      const missing = [...letters].filter((c) => !font.hasGlyphForCodePoint(c.codePointAt(0)!));
      expect(missing).toEqual([]);
    }
  });
});

test("the drawn lights are as many as the signals' flashes, and longer for longer ones", async () => {
  const boxes = Array.from(
    (await svgOf("en")).matchAll(
      /<rect x="[\d.]+" y="([\d.]+)" width="([\d.]+)".* fill="#(c62828|2e7d32|1565c0)"/g,
    ),
    ([, y, width]) => ({ y, width: Number(width) }),
  );
  const rows = [...new Set(boxes.map(({ y }) => y))].map((y) => boxes.filter((box) => box.y === y));
  const signals = Object.values(SIGNALS);
  expect(rows.map((row) => row.length)).toEqual(signals.map(([, flashes]) => flashes));
  const byLength = (lengths: number[]) =>
    lengths.map((length) => lengths.filter((other) => other < length).length);
  expect(byLength(rows.map((row) => row[0]!.width))).toEqual(
    byLength(signals.map(([, , length]) => length)),
  );
});

test.each([
  [1, "000 001"],
  [123456, "123 456"],
  [4294967295, "4 294 967 295"],
])("the serial number %i reads %s", (serial, text) => {
  expect(serialInGroups(serial)).toBe(text);
});
