/**
 * @module
 */
import { line, rect, text } from "@observablehq/plot";
import type { HeatMap } from "../drawings.ts";
import { draw, fitted, roomFor } from "./draw.ts";

/** CSS pixels: no larger than a screen is high, or a page is wide. */
const LARGEST = 720;
/** Of a cell, so that two persons are not like two posters. */
const LARGEST_CELL = 48;
/** Of a name, from one to the next. */
const NAME_HEIGHT = 12;
/** Below this there are no names. */
const WIDE_ENOUGH = 480;

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly minutes: number;
  readonly title: string;
}

/** Draws who was near whom. */
export function drawHeatMap({ persons, pairs, limits }: HeatMap, width: number): Element {
  const hasNames = width >= WIDE_ENOUGH;
  const room = hasNames ? roomFor(persons, width, 0.16) : 4;
  const size = Math.min(width - room - 8, LARGEST, persons.length * LARGEST_CELL);
  const cells = pairs.flatMap(({ row, column, truth, concluded }): Cell[] => {
    const names = `${persons[row]} and ${persons[column]}`;
    const title = `${names}: ${truth} min true, ${concluded} min concluded`;
    return [
      { x: column, y: row, minutes: truth, title },
      { x: row, y: column, minutes: concluded, title },
    ];
  });
  const step = Math.ceil((NAME_HEIGHT * persons.length) / size);
  const named = [...persons.keys()].filter((place) => hasNames && place % step === 0);
  const name = (place: number): string => fitted(persons[place]!, room);
  const colours = [...limits.keys(), limits.length];
  const colourOf = (minutes: number): number => limits.filter((limit) => minutes >= limit).length;
  const domain: [number, number] = [0, persons.length];
  return draw({
    width: size + room + 8,
    height: size + room + 8,
    marginLeft: room,
    marginRight: 8,
    marginTop: 4,
    marginBottom: room + 4,
    x: { domain, axis: null },
    y: { domain, axis: null, reverse: true },
    marks: [
      rect([0], { x1: 0, x2: persons.length, y1: 0, y2: persons.length, className: "ground" }),
      ...colours.map((colour) =>
        rect(
          cells.filter(({ minutes }) => minutes > 0 && colourOf(minutes) === colour),
          {
            x1: "x",
            x2: ({ x }: Cell) => x + 1,
            y1: "y",
            y2: ({ y }: Cell) => y + 1,
            title: "title",
            className: `heat-${colour}`,
          },
        ),
      ),
      line(
        [
          [0, 0],
          [persons.length, persons.length],
        ],
        { className: "diagonal" },
      ),
      text(named, {
        x: 0,
        y: (place: number) => place + 0.5,
        text: name,
        textAnchor: "end",
        dx: -4,
        className: "name",
      }),
      text(named, {
        x: (place: number) => place + 0.5,
        y: persons.length,
        text: name,
        textAnchor: "end",
        rotate: -90,
        dy: 4,
        className: "name",
      }),
      ...[
        { words: "true", x: persons.length, y: 0, textAnchor: "end", dx: -8, dy: 14 } as const,
        {
          words: "concluded",
          x: 0,
          y: persons.length,
          textAnchor: "start",
          dx: 8,
          dy: -14,
        } as const,
      ].map(({ words, x, y, ...place }) =>
        text([words], { ...place, x: [x], y: [y], text: [words], className: "half" }),
      ),
    ],
  });
}
