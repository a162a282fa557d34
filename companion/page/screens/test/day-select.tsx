import { useId } from "preact/hooks";
import { useWords } from "../../words.tsx";
import { dayInWords, recentDays } from "./recent-days.ts";

interface Props {
  readonly label: string;
  /** What no day means; without it a day is always chosen. */
  readonly none: string;
  /** Days before today that can be chosen. */
  readonly days: number;
  /** YYYY-MM-DD; empty for none. */
  readonly value: string;
  readonly onValue: (day: string) => void;
}

/**
 * One of the last days. A list, because the browser writes its own field for dates in its own language instead of the page's, and
 * no wrong day can be chosen from it.
 */
export function DaySelect({ label, none, days, value, onValue }: Props) {
  const { language } = useWords();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        <option value="">{none}</option>
        {recentDays(Date.now(), days).map((day) => (
          <option key={day} value={day}>
            {dayInWords(day, language)}
          </option>
        ))}
      </select>
    </div>
  );
}
