/**
 * The typeface of the cards: Golos Text, made for Russia's public services, with all letters of Kazakh. Its files come
 * with an npm package, and into every card, so that it looks the same everywhere.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { create, type Font } from "fontkit";

/** The weights that cards use. */
export type Weight = "regular" | "bold";

const PACKAGE = "@expo-google-fonts/golos-text";
const FILES: Readonly<Record<Weight, string>> = {
  regular: "400Regular/GolosText_400Regular.ttf",
  bold: "700Bold/GolosText_700Bold.ttf",
};

/** The bytes of a font file (TrueType). */
export function fontFile(weight: Weight): Buffer {
  return readFileSync(createRequire(import.meta.url).resolve(`${PACKAGE}/${FILES[weight]}`));
}

const opened = new Map<Weight, Font>();

function fontOf(weight: Weight): Font {
  const font = opened.get(weight) ?? (create(fontFile(weight)) as Font);
  opened.set(weight, font);
  return font;
}

/** How wide a line is at a font size, both in the same unit. */
export function widthOf(line: string, size: number, weight: Weight): number {
  const font = fontOf(weight);
  return (font.layout(line).advanceWidth * size) / font.unitsPerEm;
}

/** The outlines of a line whose baseline begins at (x, y), as the data of an SVG path. */
export function outlinesOf(
  x: number,
  y: number,
  size: number,
  weight: Weight,
  line: string,
): string {
  const font = fontOf(weight);
  const scale = size / font.unitsPerEm;
  const { glyphs, positions } = font.layout(line);
  let at = x;
  return glyphs
    .map((glyph, index) => {
      const path = glyph.path.scale(scale, -scale).translate(at, y).toSVG();
      at += (positions[index]?.xAdvance ?? 0) * scale;
      return path;
    })
    .join("");
}
