import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { cardIn, characterOf, isTestCode, isWhole } from "../scanner.ts";
import { useWords } from "../words.tsx";
import { Button } from "./button.tsx";
import { CardCamera } from "./card-camera.tsx";
import { Notice } from "./notice.tsx";
import { isTextField } from "./text-field.ts";

interface Props {
  /** What the button beside the field says. */
  readonly label: string;
  /** Gets the code; the field is empty again by then. */
  readonly onCard: (card: string) => Promise<void>;
  /** Opens the screen of tests, for whoever scanned the code of one; left out where that cannot be. */
  readonly onTestResult?: (() => void) | undefined;
}

/**
 * The field for a card's code. What is typed anywhere on the screen goes into it, because a scanner does not know where the focus is.
 * A whole code is sent at once; Enter and Tab, with which scanners end, send it in any case.
 */
export function CardField({ label, onCard, onTestResult }: Props) {
  const { t } = useWords();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [isEmpty, setEmpty] = useState(true);
  const [isOfTest, setOfTest] = useState(false);
  const [isWatching, setWatching] = useState(false);

  const send = (): void => {
    const input = field.current;
    if (!input?.value) return;
    const card = input.value;
    input.value = "";
    setEmpty(true);
    setOfTest(isTestCode(card));
    // Which no desk has to be asked about.
    if (isTestCode(card)) return;
    void onCard(card).finally(() => field.current?.focus());
  };
  const taken = (): void => {
    const input = field.current!;
    const card = cardIn(input.value);
    if (card !== input.value) input.value = card;
    setEmpty(!card);
    if (isWhole(card)) send();
  };
  const insert = (text: string): void => {
    const input = field.current!;
    input.focus();
    input.setRangeText(text, input.selectionStart ?? 0, input.selectionEnd ?? 0, "end");
    taken();
  };

  // As soon as it can be seen: a scanner does not wait.
  useLayoutEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => {
    const isElsewhere = ({ target }: Event): boolean => target !== field.current;
    // Of a screen that waits behind another one.
    const isHidden = (): boolean => !field.current?.checkVisibility();
    const onKey = (event: KeyboardEvent): void => {
      if (isHidden() || (isElsewhere(event) && isTextField(event.target))) return;
      const character = characterOf(event);
      if (character && (isElsewhere(event) || character !== event.key)) {
        event.preventDefault();
        insert(character);
      } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) {
        if (!field.current?.value || event.target instanceof HTMLButtonElement) return;
        event.preventDefault();
        send();
      } else if (event.key === "Escape" && field.current) {
        field.current.value = "";
        setEmpty(true);
      }
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isHidden() || (isElsewhere(event) && isTextField(event.target))) return;
      event.preventDefault();
      insert(cardIn(event.clipboardData?.getData("text") ?? ""));
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("paste", onPaste);
    };
  });

  return (
    <div class="field card-field">
      <label for={id}>{t("visit.card")}</label>
      <div class="card-row">
        {/* Not of type password, which browsers offer to save. */}
        <input
          ref={field}
          id={id}
          class="dots"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={200}
          aria-describedby={`${id}-hint`}
          onInput={taken}
        />
        <Button kind="primary" disabled={isEmpty} onClick={send}>
          {label}
        </Button>
      </div>
      <div class="card-foot">
        <p id={`${id}-hint`} class="hint">
          {t("visit.cardHint")}
        </p>
        {"mediaDevices" in navigator && !isWatching && (
          <Button onClick={() => setWatching(true)}>{t("visit.camera")}</Button>
        )}
      </div>
      {isOfTest && (
        <div role="alert">
          <Notice kind="caution" title={t("visit.testCode")}>
            <p>{t("visit.testCodeNext")}</p>
            {onTestResult && <Button onClick={onTestResult}>{t("visit.openTest")}</Button>}
          </Notice>
        </div>
      )}
      {isWatching && (
        <CardCamera
          onCode={(card) => {
            setWatching(false);
            void onCard(card).finally(() => field.current?.focus());
          }}
          onClose={() => {
            setWatching(false);
            field.current?.focus();
          }}
        />
      )}
    </div>
  );
}
