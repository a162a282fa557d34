import { useEffect, useRef, useState } from "preact/hooks";
import type { CheckView } from "../../desk/desk-api.ts";
import { dateFormat, numberFormat } from "../formats.ts";
import { useWords, type Words } from "../words.tsx";
import type { ChartWords } from "./draw-strip.ts";
import { type ChartDay, FAR_FROM_DB, fourteenDays, MIDDLE_FROM_DB } from "./fourteen-days.ts";

/** Loads what draws the chart. */
export const loadStrip = () => import("./draw-strip.ts");

const HEIGHT = 176;

/** Minutes and nearness of meetings in the last fourteen days, as a chart and as a table to be read out. */
export function StripChart({ check }: { readonly check: CheckView }) {
  const words = useWords();
  const { t } = words;
  const days = fourteenDays(check);
  return (
    <figure class="strip-chart">
      <figcaption>
        <h2>{t("visit.chartTitle")}</h2>
      </figcaption>
      <Chart days={days} words={words} />
      {check.days.length ? (
        <ul class="legend" aria-hidden="true">
          <LegendEntry nearness="near" label={t("visit.nearLimits", { from: MIDDLE_FROM_DB })} />
          <LegendEntry
            nearness="middle"
            label={t("visit.middleLimits", { from: MIDDLE_FROM_DB, to: FAR_FROM_DB - 1 })}
          />
          <LegendEntry nearness="far" label={t("visit.farLimits", { to: FAR_FROM_DB })} />
        </ul>
      ) : (
        <p class="hint legend" aria-hidden="true">
          {t("visit.chartEmpty")}
        </p>
      )}
      <DayTable days={days} words={words} />
    </figure>
  );
}

interface DaysProps {
  readonly days: readonly ChartDay[];
  readonly words: Words;
}

function Chart({ days, words }: DaysProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry!.contentRect.width)),
    );
    observer.observe(place.current!);
    return () => observer.disconnect();
  }, []);
  const drawn = JSON.stringify(days);
  useEffect(() => {
    let isWanted = width > 0;
    void loadStrip().then(({ drawStrip }) => {
      if (!isWanted) return;
      place.current?.replaceChildren(drawStrip(days, chartWords(words), { width, height: HEIGHT }));
    });
    return () => {
      isWanted = false;
    };
  }, [drawn, words, width]);
  return (
    <div class="chart" aria-hidden="true">
      <Patterns />
      <div class="chart-place" ref={place} />
    </div>
  );
}

// Bars are told apart by their pattern, too, in black and white as well as in colours that the wearer of the eyes has chosen.
function Patterns() {
  return (
    <svg class="patterns" aria-hidden="true" width="0" height="0">
      <pattern
        id="hatched"
        width="7"
        height="7"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <rect class="hatched-ground" width="7" height="7" />
        <rect class="hatched-line" width="3" height="7" />
      </pattern>
      <pattern id="dotted" width="8" height="8" patternUnits="userSpaceOnUse">
        <rect class="dotted-ground" width="8" height="8" />
        <circle class="dotted-dot" cx="2" cy="2" r="1.3" />
        <circle class="dotted-dot" cx="6" cy="6" r="1.3" />
      </pattern>
    </svg>
  );
}

function LegendEntry({ nearness, label }: { readonly nearness: string; readonly label: string }) {
  return (
    <li>
      <svg class="swatch" aria-hidden="true" width="22" height="16">
        <rect class={nearness} x="1" y="1" width="20" height="14" />
      </svg>
      {label}
    </li>
  );
}

function DayTable({ days, words: { t, language } }: DaysProps) {
  const day = dateFormat(language, {
    weekday: "long",
    day: "numeric",
    month: "long",
    timeZone: "UTC",
  });
  return (
    <div class="only-read">
      <table>
        <caption>{t("visit.chartTable")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("visit.day")}</th>
            <th scope="col">{t("visit.minutes")}</th>
            <th scope="col">{t("visit.strength")}</th>
          </tr>
        </thead>
        <tbody>
          {days.map(({ date, minutes, nearness }) => (
            <tr key={date}>
              <th scope="row">{day.format(Date.parse(date))}</th>
              <td>{nearness ? numberFormat(language).format(minutes) : t("visit.noMeeting")}</td>
              <td>{nearness ? t(`visit.${nearness}`) : t("visit.noMeeting")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function chartWords({ t, language }: Words): ChartWords {
  const day = dateFormat(language, { day: "numeric", timeZone: "UTC" });
  const month = dateFormat(language, { month: "short", timeZone: "UTC" });
  const number = numberFormat(language);
  return {
    minutes: t("visit.chartMinutes"),
    today: t("visit.chartToday"),
    number: (value) => number.format(value),
    day: (date) => day.format(Date.parse(date)),
    month: (date) => month.format(Date.parse(date)),
  };
}
