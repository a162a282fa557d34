/**
 * Draws the strip chart: its own chunk, because the chart library is larger than all the rest of the page.
 *
 * @module
 */
import { axisX, axisY, barY, gridY, plot, ruleY, text } from "@observablehq/plot";
import type { ChartDay } from "./fourteen-days.ts";

/** What is written in a chart. */
export interface ChartWords {
  /** Over the axis of minutes. */
  readonly minutes: string;
  /** Under the last column. */
  readonly today: string;
  readonly number: (value: number) => string;
  /** The day of the month. */
  readonly day: (date: string) => string;
  readonly month: (date: string) => string;
}

const STEP_MINUTES = 30;
const MARGIN_LEFT = 40;
const MARGIN_RIGHT = 10;
/** Pixels of a digit. */
const DIGIT = 7;
/** Pixels over the columns: for the words over the axis, and for minutes that are written upwards besides. */
const HEADROOM = 22;
const UPRIGHT_HEADROOM = 48;

/**
 * Draws the chart.
 *
 * @param size - in CSS pixels
 */
export function drawStrip(
  days: readonly ChartDay[],
  words: ChartWords,
  { width, height }: { readonly width: number; readonly height: number },
): Element {
  const most = Math.max(1, ...days.map(({ minutes }) => minutes));
  const top = Math.ceil(most / STEP_MINUTES) * STEP_MINUTES;
  const ticks = [0, top / 2, top];
  const today = days.at(-1)!.date;
  const met = days.filter(({ minutes }) => minutes);
  const others = days.filter(({ date }) => date !== today).map(({ date }) => date);
  const column = (width - MARGIN_LEFT - MARGIN_RIGHT) / days.length;
  // Minutes that would run into those of the day beside them are written upwards; of days, every second one is left out.
  const isUpright =
    Math.max(...met.map((day) => words.number(day.minutes).length)) * DIGIT > column;
  const isNarrow = 2.5 * DIGIT > column;
  const named = others.filter((_, index) => !isNarrow || index % 2 === 1);
  // The month is named where it begins, and in the first column.
  const dayInMonth = (date: string, index: number): string =>
    index === 0 || date.endsWith("-01")
      ? `${words.day(date)}\n${words.month(date)}`
      : words.day(date);
  const chart = plot({
    width,
    height,
    marginTop: isUpright ? UPRIGHT_HEADROOM : HEADROOM,
    marginLeft: MARGIN_LEFT,
    marginRight: MARGIN_RIGHT,
    marginBottom: 40,
    x: { type: "band", domain: days.map(({ date }) => date), padding: 0.18 },
    y: { domain: [0, top] },
    marks: [
      barY(days, { x: "date", y1: 0, y2: top, className: "slot" }),
      gridY(ticks, { className: "grid" }),
      axisY(ticks, { tickSize: 0, tickFormat: words.number, label: null, className: "axis" }),
      ...(["near", "middle", "far"] as const).map((nearness) =>
        barY(
          met.filter((day) => day.nearness === nearness),
          { x: "date", y: "minutes", className: nearness },
        ),
      ),
      text(met, {
        x: "date",
        y: "minutes",
        text: ({ minutes }: ChartDay) => words.number(minutes),
        ...(isUpright ? { rotate: -90, textAnchor: "start", dy: -4 } : { dy: -9 }),
        className: "value",
      }),
      ruleY([0], { className: "base" }),
      axisX(named, { tickSize: 0, label: null, tickFormat: dayInMonth, className: "axis" }),
      axisX([today], {
        tickSize: 0,
        label: null,
        tickFormat: (date: string) => `${words.day(date)}\n${words.today}`,
        className: "axis today",
      }),
      text([words.minutes], {
        frameAnchor: "top-left",
        dx: -38,
        dy: 2 - (isUpright ? UPRIGHT_HEADROOM : HEADROOM),
        text: (each: string) => each,
        textAnchor: "start",
        className: "axis",
      }),
    ],
  });
  // The page's styles do what this one does, and the page allows no others.
  chart.querySelector("style")?.remove();
  return chart;
}
