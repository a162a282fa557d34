/**
 * The card that a wearer gets with a token: A6, large type.
 *
 * @module
 */
import encodeQR from "qr";
import { BLUE, GREEN, RED, SIGNALS, type SignalParts } from "../../../protocol/signals.ts";
import type { Language } from "../../languages.ts";
import { encodeCardCode } from "../card-code.ts";
import type { TokenIdentity } from "../storage-image.ts";
import type { Canvas } from "./canvas.ts";
import { type Weight, widthOf } from "./fonts.ts";
import { createPdfCanvas } from "./pdf-canvas.ts";
import { createSvgCanvas } from "./svg-canvas.ts";
import { CARD_WORDS } from "./words.ts";

const NAME = "Saqbol";

// Millimetres.
const WIDTH = 105;
const HEIGHT = 148;
const MARGIN = 6;
const QR_SIDE = 34;
const LIGHTS_WIDTH = 26;
const LIGHT_HEIGHT = 3.4;
const TEXT_SIZE = 3.7;
const SMALL_SIZE = 3.1;
const LINE_HEIGHT = 1.2;

const BLACK = "#000000";
const GREY = "#444444";
const LINE = "#bbbbbb";
const LIGHTS = { [RED]: "#c62828", [GREEN]: "#2e7d32", [BLUE]: "#1565c0" };

/** Formats of cards. */
export const CARD_FORMATS = { svg: createSvgCanvas, pdf: createPdfCanvas } as const;
export type CardFormat = keyof typeof CARD_FORMATS;

/** Draws the card of a token. */
export function buildCard(
  identity: TokenIdentity,
  language: Language,
  format: CardFormat,
): Promise<Uint8Array> {
  const words = CARD_WORDS[language];
  const serial = serialInGroups(identity.serial);
  const title = `${NAME}. ${words.serial} ${serial}`;
  const canvas = CARD_FORMATS[format](WIDTH, HEIGHT, title, language);
  const left = MARGIN;
  const right = WIDTH - MARGIN;

  drawQr(canvas, right - QR_SIDE, MARGIN, QR_SIDE, encodeCardCode(identity));
  const headWidth = right - QR_SIDE - 4 - left;
  canvas.text(left, MARGIN + 8, 11, "bold", BLACK, NAME);
  paragraph(canvas, left, MARGIN + 14, headWidth, TEXT_SIZE, "regular", GREY, words.subtitle);
  canvas.text(left, MARGIN + 26.5, TEXT_SIZE, "regular", GREY, words.serial);
  canvas.text(left, MARGIN + 33, 6, "bold", BLACK, serial);

  let y = heading(canvas, MARGIN + QR_SIDE + 5.5, words.signalsTitle);
  const textLeft = left + LIGHTS_WIDTH;
  const explain = (text: string): number =>
    paragraph(canvas, textLeft, y, right - textLeft, TEXT_SIZE, "regular", BLACK, text);
  for (const [name, signal] of Object.entries(SIGNALS) as [keyof typeof SIGNALS, SignalParts][]) {
    drawLights(canvas, left, y - 3.4, signal);
    const caption = `${words.colours[signal[0] as 0 | 1 | 2]} × ${signal[1]}`;
    canvas.text(left, y + 4, SMALL_SIZE, "regular", GREY, caption);
    const end = explain(words.signals[name]);
    y = Math.max(end, y + 2 * TEXT_SIZE * LINE_HEIGHT) + 0.9;
  }

  y = heading(canvas, y + 1, words.buttonTitle);
  for (const [press, effect] of words.button) {
    paragraph(canvas, left, y, LIGHTS_WIDTH - 2, SMALL_SIZE, "bold", BLACK, press);
    const end = explain(effect);
    y = Math.max(end, y + 2 * SMALL_SIZE * LINE_HEIGHT) + 0.9;
  }
  paragraph(canvas, left, y + 1.2, right - left, SMALL_SIZE, "regular", GREY, words.footer);
  return canvas.finish();
}

/** A serial number as a person reads it: at least six digits, in groups of three. */
export function serialInGroups(serial: number): string {
  return String(serial)
    .padStart(6, "0")
    .replace(/\B(?=(\d{3})+$)/g, " ");
}

function drawQr(canvas: Canvas, x: number, y: number, side: number, text: string): void {
  // A card gets scratched: a quarter of it may be lost.
  const rows = encodeQR(text, "raw", { ecc: "quartile", border: 1 });
  canvas.cells(x, y, side / rows.length, rows);
}

// Flashes as bars, as many and as long as they are.
function drawLights(canvas: Canvas, x: number, y: number, signal: SignalParts): void {
  const [colour, flashes, milliseconds] = signal;
  const length = 1.4 + milliseconds * 0.0052;
  for (let flash = 0; flash < flashes; flash++) {
    const at = x + flash * (length + 1.5);
    const radius = Math.min(length, LIGHT_HEIGHT) / 2;
    canvas.box(at, y, length, LIGHT_HEIGHT, radius, LIGHTS[colour as keyof typeof LIGHTS]);
  }
}

function heading(canvas: Canvas, y: number, text: string): number {
  canvas.text(MARGIN, y, 4.6, "bold", BLACK, text);
  canvas.box(MARGIN, y + 1.8, WIDTH - 2 * MARGIN, 0.3, 0, LINE);
  return y + 6.4;
}

// Returns where the baseline of a further line would be.
function paragraph(
  canvas: Canvas,
  x: number,
  y: number,
  width: number,
  size: number,
  weight: Weight,
  colour: string,
  text: string,
): number {
  let baseline = y;
  for (const line of wrapped(text, width, size, weight)) {
    canvas.text(x, baseline, size, weight, colour, line);
    baseline += size * LINE_HEIGHT;
  }
  return baseline;
}

function wrapped(text: string, width: number, size: number, weight: Weight): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
    if (lines.length && widthOf(longer, size, weight) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
