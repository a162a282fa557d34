/**
 * One flash page, decoded, or as bytes.
 *
 * @module
 */
import { dateOfDay } from "../../../companion/risk/date-of-day.ts";
import { PAGE_BYTES } from "../../../protocol/flash-layout.ts";
import { dayOf, INTERVALS_PER_DAY } from "../../../protocol/intervals.ts";
import type { LogPage, PoolPage, Slot } from "../flash-pages.ts";
import type { Neighbours } from "../neighbours.ts";
import type { StoredState } from "../stored-state.ts";
import { counted, hex, intervalTime } from "../style.ts";

const ROW = 16;

/** What a page holds, in lines of at most 80 characters. */
export function pageLines(page: PoolPage, neighbours: Neighbours): string[] {
  switch (page.kind) {
    case "blank":
      return ["Blank: nothing but ones."];
    case "invalid":
      return ["Neither valid nor blank: the token erases it before it is used again."];
    case "log":
      return logLines(page, neighbours);
    case "state":
      return [
        `State, number ${page.number}.`,
        ...(page.stored ? stateLines(page.stored) : ["Its image does not stand whole."]),
      ];
  }
}

/** Bytes in rows of 16; equal rows are shown once, with `*` for the others. */
export function hexLines(bytes: Uint8Array): string[] {
  const lines: string[] = [];
  let former = "";
  for (let at = 0; at < bytes.length; at += ROW) {
    const row = bytes.subarray(at, at + ROW);
    const digits = Array.from(row, (byte) => byte.toString(16).padStart(2, "0"));
    const text = `${digits.slice(0, 8).join(" ")}  ${digits.slice(8).join(" ")}`;
    if (text !== former) {
      const letters = Array.from(row, (byte) =>
        byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".",
      );
      lines.push(`${at.toString(16).padStart(4, "0")}  ${text}  ${letters.join("")}`);
    } else if (lines.at(-1) !== "*") {
      lines.push("*");
    }
    former = text;
  }
  return lines;
}

function logLines(
  { number, lowest, hasDropped, slots }: LogPage,
  neighbours: Neighbours,
): string[] {
  const merged = lowest < number ? `, stands for ${lowest} to ${number}` : "";
  const left = hasDropped ? ", something was left out" : "";
  return [
    `Log, number ${number}${merged}${left}.`,
    "slot  time (UTC)        min  mean  best  neighbour         RPI prefix      AEM",
    ...slots.map((slot) => `${String(slot.slot).padStart(4)}  ${slotWords(slot, neighbours)}`),
  ];
}

function slotWords(slot: Slot, neighbours: Neighbours): string {
  switch (slot.kind) {
    case "mark":
      return `${intervalTime(slot.interval)}  time mark, clock epoch ${slot.epoch}`;
    case "torn":
      return "cut short; skipped by readers";
    case "wiped":
      return "expired and wiped";
    case "encounter": {
      const { interval, minutes, meanRssi, bestRssi, rpiPrefix, aemPrefix } = slot.encounter;
      return [
        intervalTime(interval),
        String(minutes).padStart(4),
        String(meanRssi).padStart(5),
        String(bestRssi).padStart(5),
        ` ${(neighbours.nameOf(rpiPrefix) ?? "unknown").padEnd(16)}`,
        ` ${hex(rpiPrefix)}`,
        ` ${hex(aemPrefix)}`,
      ].join(" ");
    }
  }
}

function stateLines(stored: StoredState): string[] {
  const { lastInterval, exposure, zone, keys, patches, intervals, used } = stored;
  const last = lastInterval ? `${lastInterval}, ${intervalTime(lastInterval)} UTC` : "none";
  const known = exposure.acknowledged ? ", the wearer knows" : "";
  const what =
    exposure.level === "none"
      ? "none"
      : `${exposure.level}, ${dateOfDay(exposure.day)}, ${exposure.minutes} min${known}`;
  return [
    `Contact detection  ${stored.state}`,
    `Last interval      ${last}`,
    `Clock epoch        ${stored.epoch}${stored.isGuessed ? ", the time is a guess" : ""}`,
    `Time zone          UTC${zone < 0 ? "-" : "+"}${Math.abs(zone) / 4} h`,
    `Exposure           ${what}`,
    `Behind the image   ${counted(patches, "change")}, ${counted(intervals, "used interval")}${stored.isTorn ? "; the last is cut short" : ""}`,
    `Bytes written      ${used} of ${PAGE_BYTES}`,
    ...keys.map(({ keyData, rollingStartIntervalNumber: start, rollingPeriod }) => {
      const cut =
        rollingPeriod < INTERVALS_PER_DAY ? `, ${counted(rollingPeriod, "interval")}` : "";
      return `Key                ${dateOfDay(dayOf(start))}  ${hex(keyData)}${cut}`;
    }),
  ];
}
