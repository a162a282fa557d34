/**
 * The token's flash as a small picture.
 *
 * @module
 */
import { type BoardName, LAYOUTS, PAGE_BYTES, poolStart } from "../../../protocol/flash-layout.ts";
import { type PoolPage, SLOTS } from "../flash-pages.ts";
import type { Paint, Tint } from "../style.ts";

const BAR = 18;
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
  readonly address: number;
  readonly holds: string;
  readonly number: string;
  /** 0..1. */
  readonly full: number;
  readonly used: string;
  readonly erases: number;
}

/**
 * A line for each page; pages of code, which are never erased, share one, and so do free pages.
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
  const code: Row = {
    page: "code",
    address: layout.storage,
    holds: "code",
    number: "",
    full: codeBytes / poolStart(layout),
    used: `${codeBytes} bytes`,
    erases: sum(erases.subarray(0, codePages)),
  };
  const rows = [code];
  for (let at = 0; at < pages.length; ) {
    let end = at + 1;
    if (isFree(at)) while (end < pages.length && isFree(end)) end++;
    rows.push({
      ...contentOf(pages[at] as PoolPage, at === spare),
      page: end > at + 1 ? `${at}-${end - 1}` : `${at}`,
      address: layout.storage + poolStart(layout) + at * PAGE_BYTES,
      erases: sum(erases.subarray(codePages + at, codePages + end)),
    });
    at = end;
  }
  return [paint("bold", HEAD), ...rows.map((row) => line(row, paint))];

  function isFree(at: number): boolean {
    return pages[at]?.kind === "blank" && at !== spare;
  }
}

const HEAD = ` page  address     holds    number  ${"in use".padEnd(BAR + 2)}                erased`;

function line({ page, address, holds, number, full, used, erases }: Row, paint: Paint): string {
  const filled = full > 0 ? Math.max(1, Math.round(full * BAR)) : 0;
  const bar = "#".repeat(filled) + ".".repeat(BAR - filled);
  const tint = TINTS[holds] ?? "gray";
  return [
    page.padStart(5),
    `0x${address.toString(16)}`.padEnd(10),
    paint(tint, holds.padEnd(7)),
    number.padStart(6),
    `[${paint(tint, bar)}]`,
    `${used.padEnd(14)}${String(erases).padStart(8)}`,
  ].join("  ");
}

function contentOf(page: PoolPage, isSpare: boolean): Omit<Row, "page" | "address" | "erases"> {
  if (page.kind === "state") {
    const used = page.stored?.used ?? PAGE_BYTES;
    const words = page.stored ? `${used} bytes` : "not whole";
    return { holds: "state", number: `${page.number}`, full: used / PAGE_BYTES, used: words };
  }
  if (page.kind === "log") {
    const { number, lowest, used } = page;
    const range = lowest < number ? `${lowest}-${number}` : `${number}`;
    return { holds: "log", number: range, full: used / SLOTS, used: `${used}/${SLOTS} slots` };
  }
  if (page.kind === "invalid") return { holds: "invalid", number: "", full: 0, used: "to erase" };
  return { holds: isSpare ? "spare" : "free", number: "", full: 0, used: "" };
}

const sum = (numbers: Uint32Array): number => numbers.reduce((all, each) => all + each, 0);
