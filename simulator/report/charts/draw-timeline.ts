/**
 * @module
 */
import { axisX, gridX, link, rect, ruleX, ruleY, text } from "@observablehq/plot";
import type { Timeline } from "../drawings.ts";
import { draw, fitted, roomFor } from "./draw.ts";

/** CSS pixels. */
const TOP = 4;
const SCANS = 90;
const LANE = 18;
const MARGIN_RIGHT = 22;
/** The weakest and the strongest beacon in dBm that the lane of scans can show. */
const WEAKEST = -100;
const STRONGEST = -30;
const HEARD = [-90, -70, -50] as const;
/** What is shorter than this is drawn as wide, or nobody would see it. */
const NARROWEST = 1.5;

interface Scan {
  readonly at: number;
  readonly strongest: number | null;
}

/** Draws a token's day: a lane of scans, and one for all else that it did and for each person near it. */
export function drawTimeline({ scans, rows }: Timeline, width: number): Element {
  const scale = HEARD.map((strength) => ({ strength, written: `\u2212${-strength} dBm` }));
  const names = ["scans", ...rows.map(({ name }) => name), ...scale.map(({ written }) => written)];
  const room = roomFor(names, width, 0.34);
  const floor = TOP + SCANS;
  const bottom = floor + LANE / 2 + rows.length * LANE;
  const hourly = (width - room - MARGIN_RIGHT) / 24;
  const ticks = [...Array(25).keys()].filter((hour) => hour % (hourly > 18 ? 3 : 6) === 0);
  const heightOf = (strongest: number): number =>
    (SCANS * (Math.min(STRONGEST, Math.max(WEAKEST, strongest)) - WEAKEST)) / (STRONGEST - WEAKEST);
  const spans = rows.flatMap(({ colour, spans: each }, index) =>
    each.map(({ from, to }) => ({
      colour,
      from,
      to: Math.max(to, from + NARROWEST / hourly),
      y: floor + LANE / 2 + index * LANE,
    })),
  );
  return draw({
    width,
    height: bottom + 28,
    marginLeft: room,
    marginRight: MARGIN_RIGHT,
    marginTop: 0,
    marginBottom: 28,
    x: { domain: [0, 24] },
    // Pixels: lanes are not alike.
    y: { type: "identity", axis: null },
    marks: [
      gridX(ticks, { className: "grid" }),
      ruleY(
        rows.map((_, index) => floor + LANE / 2 + (index + 1) * LANE),
        { className: "lane" },
      ),
      ruleY(
        HEARD.map((strength) => floor - heightOf(strength)),
        { className: "lane" },
      ),
      ruleY([floor], { className: "base" }),
      ruleX(
        scans.filter(({ strongest }) => strongest === null),
        {
          x: "at",
          y1: floor,
          y2: floor - 3,
          className: "unheard",
        },
      ),
      link(
        scans.filter(({ strongest }) => strongest !== null),
        {
          x: "at",
          y1: floor,
          y2: ({ strongest }: Scan) => floor - heightOf(strongest!),
          className: "scan",
        },
      ),
      ...["rotation", "flash", "light", "person"].map((colour) =>
        rect(
          spans.filter((span) => span.colour === colour),
          {
            x1: "from",
            x2: "to",
            y1: ({ y }) => y + 4,
            y2: ({ y }) => y + LANE - 4,
            className: colour,
          },
        ),
      ),
      text(["scans"], {
        frameAnchor: "left",
        y: TOP + 6,
        text: (each: string) => each,
        textAnchor: "end",
        dx: -6,
        className: "written",
      }),
      text(scale, {
        frameAnchor: "left",
        y: ({ strength }) => floor - heightOf(strength),
        text: "written",
        textAnchor: "end",
        dx: -6,
        className: "title",
      }),
      text(rows, {
        frameAnchor: "left",
        y: (_: unknown, index: number) => floor + LANE + index * LANE,
        text: ({ name }) => fitted(name, room),
        textAnchor: "end",
        dx: -6,
        className: "written",
      }),
      axisX(ticks, {
        anchor: "bottom",
        tickSize: 0,
        label: null,
        tickFormat: (hour: number) => `${String(hour).padStart(2, "0")}:00`,
        className: "axis",
      }),
    ],
  });
}
