import { Paragraphs } from "../../parts/paragraphs.tsx";
import { ReadAloud, useVoice } from "../../parts/read-aloud.tsx";
import { useTexts } from "../../parts/use-texts.ts";
import { useWords } from "../../words.tsx";

/** What to do after a positive test, whether or not anything is published. */
export function PositiveAdvice() {
  const { t } = useWords();
  const advice = useTexts()?.advicePositive;
  const hasVoice = useVoice() !== null;
  if (!advice) return null;
  return (
    <section class="panel positive-advice" aria-labelledby="positive-advice-title">
      <div class="panel-head">
        <h2 id="positive-advice-title">{t("test.adviceTitle")}</h2>
        {/* That there is no voice is said where the consent is. */}
        {hasVoice && <ReadAloud texts={advice} />}
      </div>
      <Paragraphs texts={advice} />
    </section>
  );
}
