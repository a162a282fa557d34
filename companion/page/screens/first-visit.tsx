import { useState } from "preact/hooks";
import type { FailureView } from "../../desk/desk-api.ts";
import { Button } from "../parts/button.tsx";
import { FailureNotice } from "../parts/failure-notice.tsx";
import { Notice } from "../parts/notice.tsx";
import { Paragraphs } from "../parts/paragraphs.tsx";
import { ReadAloud } from "../parts/read-aloud.tsx";
import { Screen } from "../parts/screen.tsx";
import { useTexts } from "../parts/use-texts.ts";
import { useWords } from "../words.tsx";

interface Props {
  /** Why the token was not switched on. */
  readonly failure: FailureView | null;
  readonly onAgree: () => void;
  readonly onNextWearer: () => void;
}

/** The consent to contact detection, for a token that is off. */
export function FirstVisitScreen({ failure, onAgree, onNextWearer }: Props) {
  const { t } = useWords();
  const texts = useTexts();
  const [isDeclined, setDeclined] = useState(false);
  if (isDeclined) {
    return (
      <Screen title={t("visit.declinedTitle")}>
        <Notice kind="information">
          <p>{t("visit.declined")}</p>
        </Notice>
        <div class="actions">
          <Button kind="primary" onClick={onNextWearer}>
            {t("shell.nextWearer")}
          </Button>
          <Button onClick={() => setDeclined(false)}>{t("shell.back")}</Button>
        </div>
      </Screen>
    );
  }
  return (
    <Screen title={t("visit.consentTitle")}>
      {failure && <FailureNotice code={failure.code} />}
      <div class="reading-head">
        <p class="lead">{t("visit.consentLead")}</p>
        {texts && <ReadAloud texts={texts.detectionConsent} />}
      </div>
      <div class="panel reading">{texts && <Paragraphs texts={texts.detectionConsent} />}</div>
      <div class="actions">
        <Button kind="primary" disabled={!texts} onClick={onAgree}>
          {t("visit.agree")}
        </Button>
        <Button onClick={() => setDeclined(true)}>{t("visit.disagree")}</Button>
      </div>
    </Screen>
  );
}
