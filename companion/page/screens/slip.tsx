import { SIGNALS } from "../../../protocol/signals.ts";
import type { CheckView } from "../../desk/desk-api.ts";
import { adviceOn, OUTCOME_WORDS, type Outcome } from "../outcome.ts";
import { Light, useSignalMeaning } from "../parts/light.tsx";
import { OutcomeSign } from "../parts/outcome-sign.tsx";
import { Paragraphs } from "../parts/paragraphs.tsx";
import type { SignalName } from "../parts/token-light.ts";
import { useTexts } from "../parts/use-texts.ts";
import { useWords } from "../words.tsx";
import { checkedAt, timeInWords } from "./check-words.ts";

interface Props {
  readonly outcome: Outcome;
  /** Null where a positive test is all there is. */
  readonly check: CheckView | null;
}

/** What a wearer may take home from a visit: the only thing on the page that is printed, and never seen on the screen. */
export function Slip({ outcome, check }: Props) {
  const words = useWords();
  const texts = useTexts();
  const meaningOf = useSignalMeaning();
  const { t } = words;
  return (
    <article class="slip" aria-hidden="true">
      <header class="slip-head">
        <p class="slip-brand">Saqbol</p>
        <div>
          <p class="slip-title">{t(outcome === "positive" ? "test.title" : "visit.slipTitle")}</p>
          <p>{check ? checkedAt(check, words) : timeInWords(Date.now(), words)}</p>
        </div>
      </header>
      <div class="slip-result">
        <OutcomeSign outcome={outcome} />
        <p>{t(OUTCOME_WORDS[outcome])}</p>
      </div>
      {texts && <Paragraphs texts={adviceOn(outcome, texts, words)} />}
      <p class="slip-heading">{t("visit.slipLight")}</p>
      <dl class="slip-lights">
        {(Object.keys(SIGNALS) as SignalName[]).map((signal) => (
          <div key={signal}>
            <dt>
              <Light signal={signal} />
            </dt>
            <dd>{meaningOf(signal)}</dd>
          </div>
        ))}
      </dl>
      <p class="slip-heading">{t("visit.slipHelp")}</p>
      {texts && <Paragraphs texts={texts.help} />}
    </article>
  );
}
