import { useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { FailureNotice } from "../../parts/failure-notice.tsx";
import { useWords } from "../../words.tsx";
import { DaySelect } from "./day-select.tsx";
import { Finding } from "./finding.tsx";
import { KEY_DAYS, recentDays } from "./recent-days.ts";
import { shareFailure } from "./share-failures.ts";

interface Props {
  /** Code of the failure. */
  readonly code: string;
  /** Whether codes of the health authority are published with. */
  readonly withCode: boolean;
  /** Day from which on it was tried; empty for all. */
  readonly since: string;
  readonly onAgain: () => void;
  readonly onSince: (day: string) => void;
  readonly onOtherCode: () => void;
}

/** Why publishing failed, whether anything was published, and what to do now. */
export function ShareFailed({ code, withCode, since, onAgain, onSince, onOtherCode }: Props) {
  const { t } = useWords();
  const [day, setDay] = useState("");
  const kind = shareFailure(code);

  if (kind === "used") {
    return (
      <Finding
        kind="information"
        title={t("test.redeemedTitle")}
        text={t("test.redeemedText")}
        next={t("test.redeemedNext")}
      />
    );
  }
  if (kind === "earlier-visit") {
    const isToday = since === recentDays(Date.now(), 0)[0];
    return (
      <Finding
        kind="information"
        title={t("test.sinceTitle")}
        text={t(isToday ? "test.sinceToday" : "test.sinceText")}
      >
        {!isToday && (
          <>
            <DaySelect
              label={t("test.sinceLabel")}
              none={t("test.sinceNone")}
              days={KEY_DAYS}
              value={day}
              onValue={setDay}
            />
            <div class="actions">
              <Button kind="primary" disabled={!day} onClick={() => onSince(day)}>
                {t("test.sincePublish")}
              </Button>
            </div>
          </>
        )}
      </Finding>
    );
  }
  const isOpen = kind === "maybe-published";
  return (
    <Finding kind="caution" title={t(isOpen ? "test.maybeTitle" : "test.nothingTitle")}>
      {isOpen ? (
        <p>{t(withCode ? "test.maybeTextCode" : "test.maybeText")}</p>
      ) : (
        <FailureNotice code={code} />
      )}
      {kind === "again" && (
        <div class="actions">
          <Button kind="primary" onClick={onAgain}>
            {t("shell.tryAgain")}
          </Button>
          <p class="hint">{t("test.notTwice")}</p>
        </div>
      )}
      {(isOpen || kind === "look-up" || kind === "new-code") && (
        <div class="actions">
          <Button kind="primary" onClick={onOtherCode}>
            {t(kind === "new-code" || withCode ? "test.enterNewCode" : "test.lookUpAgain")}
          </Button>
        </div>
      )}
    </Finding>
  );
}
