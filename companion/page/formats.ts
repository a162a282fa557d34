/**
 * Dates and numbers as the page's languages write them: by `Intl`, except that browsers built on Chromium carry no Kazakh dates
 * and numbers (and say that they do). Kazakh numbers and times are those of Russian; the names and the order of its dates are here.
 *
 * @module
 */
import type { Language } from "../languages.ts";

/** Writes dates, or points in time in milliseconds. */
export interface DateFormat {
  format(date: Date | number): string;
}

/** What `Intl` is asked for. */
const TAGS: Readonly<Record<Language, string>> = { kk: "ru", ru: "ru", en: "en-GB" };

// As CLDR has them.
const KAZAKH_MONTHS = {
  long: [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
  ],
  short: [
    "қаң.",
    "ақп.",
    "нау.",
    "сәу.",
    "мам.",
    "мау.",
    "шіл.",
    "там.",
    "қыр.",
    "қаз.",
    "қар.",
    "жел.",
  ],
} as const;
const KAZAKH_WEEKDAYS = {
  long: ["жексенбі", "дүйсенбі", "сейсенбі", "сәрсенбі", "бейсенбі", "жұма", "сенбі"],
  short: ["жс", "дс", "сс", "ср", "бс", "жм", "сб"],
} as const;

/** How a language writes days or months, with the names of months and weekdays, long or short; or times, without a day. */
export function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): DateFormat {
  const written = new Intl.DateTimeFormat(TAGS[language], options);
  const { day, month, weekday } = options;
  if (language !== "kk" || !(day || month || weekday)) return written;
  const { timeZone } = options;
  const monthOf = new Intl.DateTimeFormat("en", { month: "numeric", timeZone });
  const weekdayOf = new Intl.DateTimeFormat("en", { weekday: "short", timeZone });
  const nameOfMonth = (date: Date | number) =>
    KAZAKH_MONTHS[named(month)][Number(monthOf.format(date)) - 1];
  const nameOfWeekday = (date: Date | number) =>
    KAZAKH_WEEKDAYS[named(weekday)][ENGLISH_WEEKDAYS.indexOf(weekdayOf.format(date))];
  return {
    format: (date) => {
      const parts = written.formatToParts(date);
      const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value;
      const names = [options.year && `${part("year")} ж.`, part("day"), month && nameOfMonth(date)];
      return [names.filter(Boolean).join(" "), weekday && nameOfWeekday(date)]
        .filter(Boolean)
        .join(", ");
    },
  };
}

/** How a language writes numbers. */
export function numberFormat(
  language: Language,
  options?: Intl.NumberFormatOptions,
): Intl.NumberFormat {
  return new Intl.NumberFormat(TAGS[language], options);
}

const ENGLISH_WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const named = (style: string | undefined): "long" | "short" =>
  style === "long" ? "long" : "short";
