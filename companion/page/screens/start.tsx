import type { DeskView, FailureView } from "../../desk/desk-api.ts";
import { dateFormat } from "../formats.ts";
import { Button } from "../parts/button.tsx";
import { CardField } from "../parts/card-field.tsx";
import { CardDrawing, ResultDrawing, TokenDrawing } from "../parts/drawings.tsx";
import { FailureNotice } from "../parts/failure-notice.tsx";
import { Notice } from "../parts/notice.tsx";
import { Screen } from "../parts/screen.tsx";
import { useWords } from "../words.tsx";

interface Props {
  readonly view: DeskView;
  /** Why the card before did not begin a visit. */
  readonly failure: FailureView | null;
  readonly onCard: (card: string) => Promise<void>;
  readonly onTestResult: () => void;
}

/** The first screen of a visit: it waits for a card. */
export function StartScreen({ view, failure, onCard, onTestResult }: Props) {
  const { t } = useWords();
  return (
    <Screen title={t("visit.startTitle")} ownFocus>
      {failure && <FailureNotice code={failure.code} />}
      {view.test && (
        <Notice kind="caution">
          <p>{t("visit.testOpen", { nextWearer: t("shell.nextWearer") })}</p>
        </Notice>
      )}
      <div class="panel start-card">
        <CardField
          label={t("visit.begin")}
          onCard={onCard}
          onTestResult={view.setUp.testResults ? onTestResult : undefined}
        />
      </div>
      <ol class="how">
        <li>
          <CardDrawing />
          <p>{t("visit.howCard")}</p>
        </li>
        <li>
          <TokenDrawing held />
          <p>{t("visit.howButton")}</p>
        </li>
        <li>
          <ResultDrawing />
          <p>{t("visit.howResult")}</p>
        </li>
      </ol>
      <div class="start-foot">
        {view.setUp.testResults && (
          <Button onClick={onTestResult}>{t("visit.withoutToken")}</Button>
        )}
        <PublishedKeysLine view={view} />
      </div>
    </Screen>
  );
}

function PublishedKeysLine({ view: { setUp, publishedKeys } }: { readonly view: DeskView }) {
  const { t, language } = useWords();
  const { updatedAt } = publishedKeys;
  if (!setUp.exports) return <p class="hint">{t("visit.keysNone")}</p>;
  if (updatedAt === null) return <p class="hint">{t("visit.keysNever")}</p>;
  const then = new Date(updatedAt * 1000);
  const yesterday = new Date();
  yesterday.setDate(yesterday.getDate() - 1);
  const isOn = (day: Date): boolean => then.toDateString() === day.toDateString();
  const values = {
    time: dateFormat(language, { hour: "2-digit", minute: "2-digit" }).format(then),
    date: dateFormat(language, { day: "numeric", month: "long" }).format(then),
  };
  const key = isOn(new Date()) ? "keysToday" : isOn(yesterday) ? "keysYesterday" : "keysOn";
  return <p class="hint">{t(`visit.${key}`, values)}</p>;
}
