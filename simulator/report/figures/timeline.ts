/**
 * @module
 */
import type { Findings } from "../../findings/findings.ts";
import type { TokenEvent } from "../../run/outcome.ts";
import type { Figure, Table } from "../figure.ts";
import { count, countOf, decimal, timeOfDay } from "../numbers.ts";
import { personNamed } from "../words.ts";

const DAY = 86_400;
const HOUR = 3_600;
/** As many lanes as a printed page holds beside the rest. */
const MOST_LANES = 24;

type Day = NonNullable<Findings["timeline"]>;

interface Span {
  readonly from: number;
  readonly to: number;
}

/** What one token did on one day, and who was there. */
export function timeline({ timeline: day, persons }: Findings): Figure {
  const id = "day";
  const heading = "A token's day";
  if (!day) return { id, heading, says: "No token's day was recorded." };
  const midnight = day.day * DAY;
  const hours = ({ from, to }: Span): Span => ({
    from: Math.max(0, (from - midnight) / HOUR),
    to: Math.min(24, (to - midnight) / HOUR),
  });
  const of = (what: TokenEvent["what"]) => day.events.filter((event) => event.what === what);
  const lanes = lanesOf(day);
  const shown = lanes.slice(0, MOST_LANES).sort((a, b) => begin(a) - begin(b));
  const scans = of("scan");
  return {
    id,
    heading,
    says: sentence(day, persons, scans.length, lanes.length),
    chart: {
      label: "Timeline of a token's day",
      drawing: {
        kind: "timeline",
        scans: scans.map(({ from, beacons = 0, strongest = 0 }) => ({
          at: (from - midnight) / HOUR,
          strongest: beacons ? strongest : null,
        })),
        rows: [
          { name: "identifier", colour: "rotation", spans: of("rotation").map(hours) },
          { name: "flash", colour: "flash", spans: of("flash").map(hours) },
          { name: "light", colour: "light", spans: of("light").map(hours) },
          ...shown.map(({ other, spans }) => ({
            name: persons[other]!,
            colour: "person",
            spans: spans.map(hours),
          })),
        ],
      },
    },
    table: dayTable(day, persons, midnight),
  };
}

interface Lane {
  readonly other: number;
  readonly spans: readonly Span[];
}

/** A lane for each person, the longest company first. */
function lanesOf(day: Day): Lane[] {
  const spans = new Map<number, Span[]>();
  for (const { other, ...span } of day.contacts) {
    spans.set(other, [...(spans.get(other) ?? []), span]);
  }
  return [...spans]
    .map(([other, each]) => ({ other, spans: each }))
    .sort((a, b) => duration(b.spans) - duration(a.spans));
}

const begin = ({ spans }: Lane): number => Math.min(...spans.map(({ from }) => from));
const duration = (spans: readonly Span[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0);

function sentence(day: Day, persons: readonly string[], scans: number, lanes: number): string {
  const company = lanes
    ? `${countOf(lanes, "person was", "persons were")} within 2 m of it, for ${decimal(duration(day.contacts) / HOUR, 1)} hours in all.`
    : "Nobody came within 2 m of it.";
  const few = lanes > MOST_LANES ? ` Shown are the ${MOST_LANES} who were there longest.` : "";
  return `The token of ${personNamed(persons[day.person])} on day ${day.day + 1}: ${countOf(scans, "scan")}, each a tick as high as the strongest beacon that it heard. Below are its changes of identifier, writes to flash and lights, and who was truly near it. ${company}${few}`;
}

function dayTable(day: Day, persons: readonly string[], midnight: number): Table {
  const perHour = Array.from({ length: 24 }, (_, hour) => {
    const within = ({ from, to }: Span): boolean =>
      from < midnight + (hour + 1) * HOUR && to >= midnight + hour * HOUR;
    const begun = ({ from }: Span): boolean => Math.floor((from - midnight) / HOUR) === hour;
    const scans = day.events.filter((event) => event.what === "scan" && begun(event));
    const heard = scans.filter(({ beacons = 0 }) => beacons > 0);
    const strongest = heard.map((event) => event.strongest ?? 0);
    const company = new Set(day.contacts.filter(within).map(({ other }) => persons[other]!));
    return [
      timeOfDay(hour * HOUR),
      count(scans.length),
      count(heard.length),
      strongest.length ? `${count(Math.max(...strongest))}\u00a0dBm` : "nothing",
      [...company].join(", ") || "nobody",
    ];
  });
  return {
    caption: "The day by the hour",
    columns: ["From", "Scans", "That heard a token", "Strongest beacon", "Within 2 m"],
    rows: perHour,
  };
}
