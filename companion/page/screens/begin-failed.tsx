import type { FailureView } from "../../desk/desk-api.ts";
import { Button } from "../parts/button.tsx";
import { FailureNotice } from "../parts/failure-notice.tsx";
import { Screen } from "../parts/screen.tsx";
import { useWords } from "../words.tsx";

interface Props {
  readonly failure: FailureView;
  readonly onTryAgain: () => void;
  readonly onCancel: () => void;
}

/** The token of a card was not read, but can be looked for again. */
export function BeginFailedScreen({ failure, onTryAgain, onCancel }: Props) {
  const { t } = useWords();
  return (
    <Screen title={t("visit.beginFailedTitle")}>
      <FailureNotice code={failure.code} />
      <p class="lead">{t("visit.nothingLost")}</p>
      <div class="actions">
        <Button kind="primary" onClick={onTryAgain}>
          {t("shell.tryAgain")}
        </Button>
        <Button onClick={onCancel}>{t("shell.cancel")}</Button>
      </div>
    </Screen>
  );
}
