import type { FailureView } from "../../desk/desk-api.ts";
import { Button } from "../parts/button.tsx";
import { CardField } from "../parts/card-field.tsx";
import { FailureNotice } from "../parts/failure-notice.tsx";
import { Screen } from "../parts/screen.tsx";
import { useWords } from "../words.tsx";

interface Props {
  /** Why the last card did not unlock the desk. */
  readonly failure: FailureView | null;
  readonly onCard: (card: string) => Promise<void>;
  readonly onNextWearer: () => void;
}

/** The screen of a desk that nobody has touched for a while: nothing of the visit is on it. */
export function LockedScreen({ failure, onCard, onNextWearer }: Props) {
  const { t } = useWords();
  return (
    <Screen title={t("shell.lockedTitle")} ownFocus>
      <div class="locked">
        <div class="locked-head">
          <svg class="padlock" viewBox="0 0 64 72" aria-hidden="true">
            <path class="shackle" d="M18 32V22a14 14 0 0 1 28 0v10" />
            <rect class="case" x="8" y="32" width="48" height="36" rx="8" />
            <path class="keyhole" d="M32 45a5 5 0 0 1 3 9l1 7h-8l1-7a5 5 0 0 1 3-9z" />
          </svg>
          <p class="lead">{t("shell.locked")}</p>
        </div>
        {failure && <FailureNotice code={failure.code} />}
        <div class="panel">
          <CardField label={t("shell.unlock")} onCard={onCard} />
        </div>
        <div class="actions">
          <Button onClick={onNextWearer}>{t("shell.nextWearer")}</Button>
        </div>
      </div>
    </Screen>
  );
}
