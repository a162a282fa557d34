import type { ActionName, Activity, ActivityStep } from "../../desk/desk-api.ts";
import { Button } from "../parts/button.tsx";
import { TokenDrawing } from "../parts/drawings.tsx";
import { Notice } from "../parts/notice.tsx";
import { Screen } from "../parts/screen.tsx";
import { type MessageKey, useWords } from "../words.tsx";

const STEP_WORDS: Readonly<Record<ActivityStep, MessageKey>> = {
  searching: "visit.stepSearching",
  connected: "visit.stepConnected",
  "updating-keys": "visit.stepUpdatingKeys",
  "reading-log": "visit.stepReadingLog",
  comparing: "visit.stepComparing",
  writing: "visit.stepWriting",
  asking: "visit.stepAsking",
  publishing: "visit.stepPublishing",
};

interface Props {
  /** Whether a check follows on what begins. */
  readonly thenCheck: boolean;
  readonly activity: Activity;
  readonly onCancel: () => void;
}

/** What the desk is busy with, step by step, and what to do with the token meanwhile. */
export function ProgressScreen({ thenCheck, activity, onCancel }: Props) {
  const { t } = useWords();
  const { step } = activity;
  const isSearching = step === "searching";
  const title = isSearching
    ? t("visit.searchingTitle")
    : step === "asking"
      ? t("visit.askingTitle")
      : t("visit.workingTitle");
  return (
    <Screen title={title}>
      <div class="progress">
        {step !== "asking" && (
          <div class="panel progress-token">
            <TokenDrawing held={isSearching} moving={isSearching} />
            <p class="lead">{t(isSearching ? "visit.searchingHint" : "visit.workingHint")}</p>
            {isSearching && <p class="hint">{t("visit.searchTime")}</p>}
          </div>
        )}
        <div class="progress-steps">
          <Steps steps={stepsOf(activity.action, thenCheck, step)} activity={activity} />
          <div class="progress-news" aria-live="polite">
            <p class="only-read">{t(STEP_WORDS[step])}</p>
            {activity.otherTokenNear && isSearching && (
              <Notice kind="caution">
                <p>{t("visit.otherTokenNear")}</p>
              </Notice>
            )}
            {activity.connectionLost && isSearching && (
              <Notice kind="caution">
                <p>{t("visit.connectionLost")}</p>
              </Notice>
            )}
            {activity.serverPause !== null && (
              <Notice kind="information">
                <p>{t("visit.serverPause", { seconds: activity.serverPause })}</p>
              </Notice>
            )}
          </div>
          <div class="actions">
            <Button onClick={onCancel}>{t("shell.cancel")}</Button>
          </div>
        </div>
      </div>
    </Screen>
  );
}

interface StepsProps {
  readonly steps: readonly ActivityStep[];
  readonly activity: Activity;
}

function Steps({ steps, activity: { step, done } }: StepsProps) {
  const { t } = useWords();
  const present = steps.indexOf(step);
  return (
    <ol class="steps">
      {steps.map((each, index) => (
        <li
          key={each}
          class={index < present ? "done" : index === present ? "present" : ""}
          aria-current={index === present ? "step" : undefined}
        >
          <span class="mark" aria-hidden="true">
            {index < present ? "✓" : index + 1}
          </span>
          <span>
            {t(STEP_WORDS[each])}
            {index < present && <span class="only-read">, {t("visit.stepDone")}</span>}
          </span>
          {index === present && done !== null && (
            <progress aria-label={t(STEP_WORDS[each])} max={1} value={done} />
          )}
        </li>
      ))}
    </ol>
  );
}

function stepsOf(
  action: ActionName,
  thenCheck: boolean,
  present: ActivityStep,
): readonly ActivityStep[] {
  const steps = stepsOfAction(action, thenCheck);
  return steps.includes(present) ? steps : [...steps, present];
}

function stepsOfAction(action: ActionName, thenCheck: boolean): readonly ActivityStep[] {
  const check = ["updating-keys", "reading-log", "comparing", "writing"] as const;
  if (action === "lookUp") return ["asking"];
  if (action === "share") return ["searching", "connected", "publishing"];
  if (action === "begin") return ["searching", "connected", ...(thenCheck ? check : [])];
  if (action === "check") return ["searching", "connected", ...check];
  return ["searching", "connected", "writing"];
}
