import type { ComponentChildren } from "preact";
import type {
  ActionName,
  CheckView,
  DeskView,
  FailureView,
  StatusView,
} from "../../desk/desk-api.ts";
import { StripChart } from "../chart/strip-chart.tsx";
import { adviceOn, isFirst, OUTCOME_WORDS, type Outcome, outcomeOf } from "../outcome.ts";
import { Button } from "../parts/button.tsx";
import { FailureNotice } from "../parts/failure-notice.tsx";
import { Notice } from "../parts/notice.tsx";
import { OutcomeSign } from "../parts/outcome-sign.tsx";
import { Paragraphs } from "../parts/paragraphs.tsx";
import { Screen } from "../parts/screen.tsx";
import { useTexts } from "../parts/use-texts.ts";
import { type MessageKey, useWords } from "../words.tsx";
import { summaryOf } from "./check-words.ts";
import { Slip } from "./slip.tsx";
import { TokenFacts } from "./token-facts.tsx";

interface Props {
  readonly view: DeskView;
  readonly status: StatusView;
  readonly check: CheckView | null;
  /** What the desk is doing meanwhile. */
  readonly doing: ActionName | null;
  /** What failed, with what can be done about it. */
  readonly failure: FailureView | null;
  readonly onTryAgain: (() => void) | null;
  readonly onDismiss: () => void;
  readonly onCheck: () => void;
  readonly onAcknowledge: () => void;
  readonly onResume: () => void;
  readonly onTestResult: () => void;
  readonly onChoices: () => void;
  readonly onNextWearer: () => void;
}

const WARNING_WORDS: Readonly<Record<CheckView["warnings"][number], MessageKey>> = {
  "log-full": "visit.warningLogFull",
  "clock-doubtful": "visit.warningClockDoubtful",
  "battery-low": "visit.warningBatteryLow",
};

/** The `id` of the level, and of what there was. */
const SUMMARY = "result-summary";

/** What a visit has shown: the result of the check with advice, the last fourteen days, and how the token is. */
export function ResultScreen(props: Props) {
  const { view, status, check, doing, failure } = props;
  const { t } = useWords();
  const { testResults, publishing } = view.setUp;
  const outcome = outcomeOf(view);
  const failed = failure && (
    <Failed failure={failure} onTryAgain={props.onTryAgain} onDismiss={props.onDismiss} />
  );
  return (
    <Screen
      title={t(check ? "visit.resultTitle" : "visit.statusTitle")}
      summary={outcome ? SUMMARY : undefined}
    >
      {outcome && failed}
      <div class="result">
        {outcome ? (
          <Result {...{ outcome, status, check, doing, onAcknowledge: props.onAcknowledge }} />
        ) : (
          (failed ?? <NoResult canCheck={view.setUp.exports} onCheck={props.onCheck} />)
        )}
        <div class="result-side">
          {outcome && !check && !failed && (
            <NoResult canCheck={view.setUp.exports} onCheck={props.onCheck} />
          )}
          {check && !isFirst(check) && (
            <div class="panel">
              <StripChart check={check} />
            </div>
          )}
          <TokenFacts
            status={status}
            check={check}
            busy={doing !== null}
            onResume={props.onResume}
          />
          {check && <Warnings warnings={check.warnings} />}
        </div>
      </div>
      <div class="actions result-actions">
        {outcome && <Button onClick={() => window.print()}>{t("visit.print")}</Button>}
        {(testResults || publishing) && (
          <Button onClick={props.onTestResult}>{t("visit.share")}</Button>
        )}
        <Button onClick={props.onChoices}>{t("visit.choices")}</Button>
        <Button kind="primary" onClick={props.onNextWearer}>
          {t("shell.nextWearer")}
        </Button>
      </div>
      {outcome && <Slip outcome={outcome} check={check} />}
    </Screen>
  );
}

interface ResultProps {
  readonly outcome: Outcome;
  readonly status: StatusView;
  readonly check: CheckView | null;
  readonly doing: ActionName | null;
  readonly onAcknowledge: () => void;
}

function Result({ outcome, status, check, doing, onAcknowledge }: ResultProps) {
  const words = useWords();
  const { t } = words;
  const texts = useTexts();
  const summary = check && summaryOf(check, words);
  return (
    <div class={`panel outcome ${outcome}`}>
      <div class="outcome-head">
        <OutcomeSign outcome={outcome} />
        <div id={SUMMARY}>
          <h2>{t(OUTCOME_WORDS[outcome])}</h2>
          {summary && <p>{summary}</p>}
        </div>
      </div>
      <div class="advice">{texts && <Paragraphs texts={adviceOn(outcome, texts, words)} />}</div>
      {status.exposure.level === "high" && (
        <Told isTold={status.exposure.acknowledged} isBusy={doing !== null}>
          <Button kind="primary" disabled={doing !== null} onClick={onAcknowledge}>
            {t("visit.told")}
          </Button>
        </Told>
      )}
    </div>
  );
}

function Warnings({ warnings }: Pick<CheckView, "warnings">) {
  const { t } = useWords();
  if (!warnings.length) return null;
  return (
    <Notice kind="caution">
      {warnings.map((warning) => (
        <p key={warning}>{t(WARNING_WORDS[warning])}</p>
      ))}
    </Notice>
  );
}

interface ToldProps {
  readonly isTold: boolean;
  readonly isBusy: boolean;
  readonly children: ComponentChildren;
}

function Told({ isTold, isBusy, children }: ToldProps) {
  const { t } = useWords();
  return (
    <div class="told" aria-live="polite">
      {isTold ? (
        <p>✓ {t("visit.toldDone")}</p>
      ) : (
        <>
          {children}
          <p class="hint">{t(isBusy ? "visit.stepWriting" : "visit.toldHint")}</p>
        </>
      )}
    </div>
  );
}

interface NoResultProps {
  readonly canCheck: boolean;
  readonly onCheck: () => void;
}

function NoResult({ canCheck, onCheck }: NoResultProps) {
  const { t } = useWords();
  return (
    <div class="panel outcome">
      <h2>{t(canCheck ? "visit.notChecked" : "visit.cannotCheck")}</h2>
      <p>{t(canCheck ? "visit.notCheckedHint" : "visit.keysNone")}</p>
      {canCheck && (
        <div class="actions">
          <Button kind="primary" onClick={onCheck}>
            {t("visit.checkNow")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface FailedProps {
  readonly failure: FailureView;
  readonly onTryAgain: (() => void) | null;
  readonly onDismiss: () => void;
}

function Failed({ failure, onTryAgain, onDismiss }: FailedProps) {
  const { t } = useWords();
  return (
    <div class="panel failed">
      {failure.action === "check" && <h2>{t("visit.checkFailedTitle")}</h2>}
      <FailureNotice code={failure.code} />
      <p>{t("visit.nothingLost")}</p>
      <div class="actions">
        {onTryAgain && (
          <Button kind="primary" onClick={onTryAgain}>
            {t("shell.tryAgain")}
          </Button>
        )}
        <Button onClick={onDismiss}>{t("shell.cancel")}</Button>
      </div>
    </div>
  );
}
