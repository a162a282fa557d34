import { SIGNALS } from "../../../protocol/signals.ts";
import { CARD_WORDS } from "../../provisioning/card/words.ts";
import { useWords } from "../words.tsx";
import type { SignalName } from "./token-light.ts";

const COLOURS = ["red", "green", "blue"] as const;
const LONG_MILLISECONDS = 1000;
const SHORT_MILLISECONDS = 100;
const GAP = 5;

/** A signal as a row of lights, long and short ones told apart, with its colour and number in words as on the token's card. */
export function Light({ signal }: { readonly signal: SignalName }) {
  const { language } = useWords();
  const [colour, flashes, milliseconds] = SIGNALS[signal];
  const width = milliseconds >= LONG_MILLISECONDS ? 24 : milliseconds > SHORT_MILLISECONDS ? 12 : 8;
  const step = width + GAP;
  return (
    <span class="signal">
      <svg
        class={`lights ${COLOURS[colour as 0 | 1 | 2]}`}
        viewBox={`0 0 ${flashes * step - GAP} 12`}
        aria-hidden="true"
      >
        {Array.from({ length: flashes }, (_, index) => (
          <rect
            key={index}
            x={index * step}
            width={width}
            height="12"
            rx={Math.min(6, width / 2)}
          />
        ))}
      </svg>
      <span>
        {CARD_WORDS[language].colours[colour as 0 | 1 | 2]} × {flashes}
      </span>
    </span>
  );
}

/** What a signal means, as it is written on the token's card. */
export function useSignalMeaning(): (signal: SignalName) => string {
  const { language } = useWords();
  return (signal) => CARD_WORDS[language].signals[signal];
}
