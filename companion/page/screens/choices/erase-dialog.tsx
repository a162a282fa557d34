import { useEffect, useRef } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { useWords } from "../../words.tsx";

/** Erasing when the consent is taken back, and when the wearer still agrees. */
export type Erasure = "revoke" | "renew";

interface Props {
  readonly erasure: Erasure;
  readonly onErase: () => void;
  readonly onCancel: () => void;
}

/**
 * Asks whether all is to be erased. The focus begins at the question, so that it is read first, and a second press of the same key
 * erases nothing.
 */
export function EraseDialog({ erasure, onErase, onCancel }: Props) {
  const { t } = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const question = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    question.current?.focus();
    return () => {
      // The browser gives the focus back only to dialogs that were closed, not to those that went away.
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="erase-dialog"
      aria-labelledby="erase-title"
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id="erase-title" tabIndex={-1} ref={question}>
        {t(`choices.${erasure}Question`)}
      </h2>
      <ul>
        <li>{t("choices.lossWarned")}</li>
        <li>{t("choices.lossWarn")}</li>
        <li>{t("choices.lossPublished")}</li>
      </ul>
      <p class="final">{t("choices.final")}</p>
      <div class="actions">
        <Button onClick={onCancel}>{t("shell.cancel")}</Button>
        <Button kind="danger" onClick={onErase}>
          {t("choices.eraseNow")}
        </Button>
      </div>
    </dialog>
  );
}
