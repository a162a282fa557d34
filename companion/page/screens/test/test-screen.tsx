import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { DeskView } from "../../../desk/desk-api.ts";
import { desk } from "../../desk-client.ts";
import { isPositive } from "../../outcome.ts";
import { Button } from "../../parts/button.tsx";
import { CardField } from "../../parts/card-field.tsx";
import { FailureNotice } from "../../parts/failure-notice.tsx";
import { Screen } from "../../parts/screen.tsx";
import { useLasting } from "../../parts/use-lasting.ts";
import { useAction } from "../../use-action.ts";
import { useWords } from "../../words.tsx";
import { ProgressScreen } from "../progress.tsx";
import { Slip } from "../slip.tsx";
import { Consent } from "./consent.tsx";
import { inGroups } from "./digit-code.ts";
import { EnterCode } from "./enter-code.tsx";
import { Finding, type FindingKind } from "./finding.tsx";
import { PositiveAdvice } from "./positive-advice.tsx";
import { Published } from "./published.tsx";
import { type Answers, NO_ANSWERS, shareInput } from "./share-answers.ts";
import { ShareFailed } from "./share-failed.tsx";
import { shareFailure } from "./share-failures.ts";
import { type TestChoices, type TestStep, testStep } from "./test-step.ts";

interface Props {
  readonly view: DeskView;
  readonly onBack: () => void;
  readonly onNextWearer: () => void;
}

const NOTHING_CHOSEN: TestChoices = { another: false, authority: false, declined: false };

/** Steps of which nothing is left but to read them: how they look, and the beginning of `Title`, `Text` and `Next`. */
const TO_READ = {
  pending: ["information", "pending"],
  negative: ["success", "negative"],
  invalid: ["caution", "invalid"],
  redeemed: ["information", "redeemed"],
  "no-laboratory": ["information", "noLaboratory"],
  "not-connected": ["caution", "notConnected"],
  declined: ["information", "declined"],
} as const satisfies Partial<Record<TestStep, readonly [FindingKind, string]>>;

/** Steps at which the person at the desk knows that the test is positive, where it is. */
const OF_A_POSITIVE: readonly TestStep[] = [
  "card",
  "consent",
  "declined",
  "not-connected",
  "published",
];

/**
 * Looks a test up, and publishes the wearer's keys after a positive one. It shows what goes on meanwhile itself, so that what was
 * entered is still there when something failed; all of it is gone with the screen.
 */
export function TestScreen({ view, onBack, onNextWearer }: Props) {
  const { t } = useWords();
  const [code, setCode] = useState("");
  const [choices, setChoices] = useState(NOTHING_CHOSEN);
  const [answers, setAnswers] = useState(NO_ANSWERS);
  const lookUp = useAction(view, "lookUp");
  const begin = useAction(view, "begin");
  const share = useAction(view, "share");
  const { setUp, activity, test } = view;
  const isLasting = useLasting(activity !== null);

  if (activity && isLasting) {
    return (
      <ProgressScreen thenCheck={false} activity={activity} onCancel={() => void desk.finish({})} />
    );
  }

  const step = testStep(view, choices);
  const withCode = setUp.publishing === "verification-code";
  const asked =
    code && !choices.another ? t("test.askedCode", { code: inGroups(code) }) : undefined;
  const ask = async (digits: string): Promise<void> => {
    if (await lookUp.run(() => desk.lookUp({ code: digits }))) setChoices(NOTHING_CHOSEN);
  };
  const publish = async (given: Answers): Promise<void> => {
    setAnswers(given);
    if (!(await share.run(() => desk.share(shareInput(given))))) return;
    setAnswers(NO_ANSWERS);
    setChoices(NOTHING_CHOSEN);
  };
  const enterAnother = (): void => {
    setCode("");
    setAnswers(NO_ANSWERS);
    share.dismiss();
    setChoices({ ...NOTHING_CHOSEN, another: true });
  };

  const isOfPositive = !choices.another && isPositive(view) && OF_A_POSITIVE.includes(step);
  const isOver =
    step in TO_READ || step === "published" || shareFailure(share.failure ?? "") === "used";
  const isOpen = view.visit !== null || test !== null;
  const next = isOver && isOpen && (
    <Button kind="primary" onClick={onNextWearer}>
      {t("shell.nextWearer")}
    </Button>
  );
  const back = <Button onClick={onBack}>{t("shell.back")}</Button>;
  const another = setUp.testResults && (
    <Button onClick={enterAnother}>{t("test.lookUpAnother")}</Button>
  );
  const [content, actions] = shown();
  return (
    <Screen title={t("test.title")} ownFocus>
      <div class="measured">{content}</div>
      {isOfPositive && (
        <div class="measured">
          <PositiveAdvice />
        </div>
      )}
      <div class="actions">
        {next}
        {actions}
        {isOfPositive && <Button onClick={() => window.print()}>{t("visit.print")}</Button>}
      </div>
      {isOfPositive && <Slip outcome="positive" check={null} />}
    </Screen>
  );

  function shown(): readonly [content: ComponentChildren, actions: ComponentChildren] {
    switch (step) {
      case "published":
        return [
          <Published key={step} published={view.visit!.published!} withCode={withCode} />,
          <>
            {back}
            {another}
          </>,
        ];
      case "enter":
        return [
          <EnterCode
            key={step}
            code={code}
            failure={lookUp.failure}
            onCode={setCode}
            onSend={ask}
          />,
          <>
            {back}
            {withCode && (
              <Button
                onClick={() => setChoices({ another: true, authority: true, declined: false })}
              >
                {t("test.toAuthorityCode")}
              </Button>
            )}
          </>,
        ];
      case "card":
        return [
          <Finding
            key={step}
            kind={test ? "caution" : "information"}
            title={t(test ? "test.positiveTitle" : "test.authorityTitle")}
            asked={asked}
            text={t("test.cardText")}
            ownFocus
          >
            {begin.failure && <FailureNotice code={begin.failure} />}
            <CardField
              label={t("visit.begin")}
              onCard={async (card) => {
                await begin.run(() => desk.begin({ card }));
              }}
            />
          </Finding>,
          <>
            {back}
            {another}
          </>,
        ];
      case "consent":
        return share.failure
          ? [
              <ShareFailed
                key={share.failure}
                code={share.failure}
                withCode={withCode}
                since={answers.since}
                onAgain={() => publish(answers)}
                onSince={(since) => publish({ ...answers, since })}
                onOtherCode={withCode ? enterOtherAuthorityCode : enterAnother}
              />,
              <>
                {back}
                {shareFailure(share.failure) === "again" && (
                  <Button onClick={share.dismiss}>{t("test.askAgain")}</Button>
                )}
              </>,
            ]
          : [
              <Consent
                key={step}
                isLookedUp={test !== null && !choices.another}
                asked={asked}
                withCode={withCode}
                answers={answers}
                onAnswers={setAnswers}
                onAgree={() => publish(answers)}
                onDecline={() => setChoices({ ...choices, declined: true })}
              />,
              back,
            ];
      default: {
        const [kind, name] = TO_READ[step];
        return [
          <Finding
            key={step}
            kind={kind}
            title={t(`test.${name}Title`)}
            asked={asked}
            text={t(`test.${name}Text`)}
            next={t(`test.${name}Next`)}
          />,
          <>
            {back}
            {step === "declined" && (
              <Button onClick={() => setChoices({ ...choices, declined: false })}>
                {t("test.askAgain")}
              </Button>
            )}
            {another}
          </>,
        ];
      }
    }
  }

  function enterOtherAuthorityCode(): void {
    setAnswers({ ...answers, code: "" });
    share.dismiss();
  }
}
