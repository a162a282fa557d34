import { useState } from "preact/hooks";
import { MAX_ONSET_AGE_DAYS } from "../../../visit/sharing-dates.ts";
import { Button } from "../../parts/button.tsx";
import { Paragraphs } from "../../parts/paragraphs.tsx";
import { ReadAloud } from "../../parts/read-aloud.tsx";
import { useTexts } from "../../parts/use-texts.ts";
import { useWords } from "../../words.tsx";
import { DaySelect } from "./day-select.tsx";
import { Finding } from "./finding.tsx";
import type { Answers } from "./share-answers.ts";

interface Props {
  /** Whether a test was looked up; otherwise a code of the health authority is all there is. */
  readonly isLookedUp: boolean;
  /** The code that was looked up, in words. */
  readonly asked: string | undefined;
  /** Whether a code of the health authority is needed. */
  readonly withCode: boolean;
  readonly answers: Answers;
  readonly onAnswers: (answers: Answers) => void;
  readonly onAgree: () => void;
  readonly onDecline: () => void;
}

/** The consent to publishing in the health authority's words, what the server may be told besides, and the decision. */
export function Consent(props: Props) {
  const { isLookedUp, asked, withCode, answers, onAnswers, onAgree, onDecline } = props;
  const { t } = useWords();
  const consent = useTexts()?.sharingConsent;
  const [isCodeMissing, setCodeMissing] = useState(false);

  const agree = (): void => {
    const isMissing = withCode && !answers.code.trim();
    setCodeMissing(isMissing);
    if (!isMissing) onAgree();
  };

  return (
    <div class="sharing">
      {isLookedUp ? (
        <Finding
          kind="caution"
          title={t("test.positiveTitle")}
          asked={asked}
          text={t("test.positiveText")}
        />
      ) : (
        <Finding kind="information" title={t("test.authorityTitle")} />
      )}
      <section class="panel consent" aria-labelledby="consent-title">
        <div class="panel-head">
          <h2 id="consent-title">{t("test.consentTitle")}</h2>
          {consent && <ReadAloud texts={[...consent, t("test.consentFinal")]} />}
        </div>
        {consent && <Paragraphs texts={consent} />}
        <p class="final">{t("test.consentFinal")}</p>
      </section>
      <section class="panel" aria-labelledby="decision-title">
        <h2 id="decision-title">{t("test.decisionTitle")}</h2>
        <p>{t("test.samePerson")}</p>
        {withCode && (
          <div class="field">
            <label for="authority-code">{t("test.authorityLabel")}</label>
            <input
              id="authority-code"
              class="digits"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={answers.code}
              aria-invalid={isCodeMissing}
              aria-describedby="authority-code-hint"
              onInput={(event) => {
                onAnswers({ ...answers, code: event.currentTarget.value });
                setCodeMissing(false);
              }}
            />
            <p
              id="authority-code-hint"
              class={isCodeMissing ? "wrong" : "hint"}
              role={isCodeMissing ? "alert" : undefined}
            >
              {t(isCodeMissing ? "test.authorityMissing" : "test.authorityHint")}
            </p>
          </div>
        )}
        <details class="sharing-details">
          <summary>{t("test.detailsTitle")}</summary>
          <div class="details-fields">
            <DaySelect
              label={t("test.onsetLabel")}
              none={t("test.onsetNone")}
              days={MAX_ONSET_AGE_DAYS}
              value={answers.symptomOnset}
              onValue={(symptomOnset) => onAnswers({ ...answers, symptomOnset })}
            />
            <label class="check">
              <input
                type="checkbox"
                checked={answers.traveler}
                onChange={(event) =>
                  onAnswers({ ...answers, traveler: event.currentTarget.checked })
                }
              />
              <span>{t("test.travelerLabel")}</span>
            </label>
          </div>
        </details>
        <div class="decision">
          {/* Nobody agrees to what was not there to be read. */}
          <Button kind="primary" disabled={!consent} onClick={agree}>
            {t("test.agree")}
          </Button>
          <Button onClick={onDecline}>{t("test.disagree")}</Button>
        </div>
      </section>
    </div>
  );
}
