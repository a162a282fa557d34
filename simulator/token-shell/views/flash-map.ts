/**
 * The token's flash as a small picture.
 *
 * @module
 */
import { type BoardName, LAYOUTS, PAGE_BYTES, poolStart } from "../../../protocol/flash-layout.ts";
import { type PoolPage, SLOTS } from "../flash-pages.ts";
import type { Paint, Tint } from "../style.ts";

const BAR = 24;
const TINTS: Readonly<Record<string, Tint>> = {
  code: "gray",
  state: "magenta",
  log: "green",
  spare: "gray",
  free: "gray",
  invalid: "red",
};

interface Row {
  readonly page: string;
  readonly holds: string;
  readonly number: string;
  /** 0..1. */
  readonly full: number;
  readonly used: string;
  readonly erases: number;
}

/**
 * A line for each page; pages of code, which are never erased, share one.
 *
 * @param erases - of all pages of Storage
 */
export function flashMap(
  board: BoardName,
  pages: readonly PoolPage[],
  codeBytes: number,
  erases: Uint32Array,
  paint: Paint,
): string[] {
  const layout = LAYOUTS[board];
  const codePages = layout.storagePages - layout.poolPages;
  const spare = pages.findIndex(({ kind }) => kind === "blank" || kind === "invalid");
  const rows: Row[] = [
    {
      page: `${codePages} pages`,
      holds: "code",
      number: "",
      full: codeBytes / poolStart(layout),
      used: `${codeBytes} bytes`,
      erases: erases.subarray(0, codePages).reduce((sum, times) => sum + times, 0),
    },
    ...pages.map((page, at) => rowOf(page, at, at === spare, erases[codePages + at] as number)),
  ];
  const head = `page      address     holds    number  ${"used".padEnd(BAR + 2)}               erased`;
  return [paint("bold", head), ...rows.map((row, at) => line(row, at))];

  function line({ page, holds, number, full, used, erases: erased }: Row, at: number): string {
    const offset = at === 0 ? 0 : (codePages + at - 1) * PAGE_BYTES;
    const address = `0x${(layout.storage + offset).toString(16)}`;
    const filled = full > 0 ? Math.max(1, Math.round(full * BAR)) : 0;
    const bar = "#".repeat(filled) + ".".repeat(BAR - filled);
    return [
      page.padStart(7),
      ` ${address.padEnd(10)} `,
      paint(TINTS[holds] ?? "gray", holds.padEnd(7)),
      number.padStart(7),
      ` [${paint(TINTS[holds] ?? "gray", bar)}]`,
      used.padEnd(12),
      String(erased).padStart(5),
    ].join(" ");
  }
}

function rowOf(page: PoolPage, at: number, isSpare: boolean, erases: number): Row {
  const row = { page: String(at), number: "", full: 0, used: "", erases };
  if (page.kind === "state") {
    const used = page.stored?.used ?? PAGE_BYTES;
    const words = page.stored ? `${used} bytes` : "not whole";
    return {
      ...row,
      holds: "state",
      number: `${page.number}`,
      full: used / PAGE_BYTES,
      used: words,
    };
  }
  if (page.kind === "log") {
    const { number, lowest, used } = page;
    const range = lowest < number ? `${lowest}-${number}` : `${number}`;
    return {
      ...row,
      holds: "log",
      number: range,
      full: used / SLOTS,
      used: `${used}/${SLOTS} slots`,
    };
  }
  if (page.kind === "invalid") return { ...row, holds: "invalid", used: "to be erased" };
  return { ...row, holds: isSpare ? "spare" : "free" };
}
