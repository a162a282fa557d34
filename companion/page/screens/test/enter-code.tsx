import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Button } from "../../parts/button.tsx";
import { FailureNotice } from "../../parts/failure-notice.tsx";
import { useWords } from "../../words.tsx";
import { CODE_DIGITS, type DigitCode, digitOfKey, editCode, inGroups } from "./digit-code.ts";
import { Finding } from "./finding.tsx";
import { SlipDrawing } from "./slip-drawing.tsx";

interface Props {
  /** Digits that were typed so far. */
  readonly code: string;
  /** Code of what the last look-up failed with. */
  readonly failure: string | null;
  readonly onCode: (digits: string) => void;
  /** Gets 10 digits. */
  readonly onSend: (digits: string) => void;
}

/** The field for a test's code, which is checked before it is sent. */
export function EnterCode({ code, failure, onCode, onSend }: Props) {
  const { t } = useWords();
  const field = useRef<HTMLInputElement>(null);
  // What was sent in vain or was too short is found fault with until it is changed.
  const [isTried, setTried] = useState(false);
  const missing = CODE_DIGITS - code.length;
  const isWrong = missing < 0 || (isTried && missing > 0);
  const isUnknown = failure === "code-unknown";

  // At once, because a scanner types fast. What was sent in vain has its explanation read first.
  useLayoutEffect(() => {
    if (!isUnknown) field.current?.focus();
  }, []);

  const take = ({ digits, caret }: DigitCode): void => {
    const input = field.current!;
    input.value = inGroups(digits);
    input.setSelectionRange(caret, caret);
    if (digits === code) return;
    setTried(false);
    onCode(digits);
  };
  const send = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (missing === 0) onSend(code);
    else field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    const digit = digitOfKey(event.code, event.key);
    if (digit === null) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = field.current!;
    const before = value.slice(0, selectionStart ?? value.length) + digit;
    take(editCode(code, before + value.slice(selectionEnd ?? value.length), before.length));
  };

  return (
    <>
      {isUnknown && (
        <Finding kind="caution" title={t("test.unknownTitle")} next={t("test.unknownNext")} />
      )}
      {failure && !isUnknown && <FailureNotice code={failure} />}
      <form class="panel enter-code" onSubmit={send}>
        <div class="enter-code-field">
          <div class="field">
            <label for="test-code">{t("test.codeLabel")}</label>
            <input
              ref={field}
              id="test-code"
              class="digits"
              inputMode="numeric"
              autocomplete="off"
              spellcheck={false}
              value={inGroups(code)}
              aria-invalid={isWrong}
              aria-describedby="test-code-hint"
              onKeyDown={onKeyDown}
              onInput={(event) => {
                const { value, selectionStart } = event.currentTarget;
                take(editCode(code, value, selectionStart ?? value.length, event.inputType));
              }}
            />
            <p
              id="test-code-hint"
              class={isWrong ? "wrong" : "hint"}
              role={isWrong ? "alert" : undefined}
            >
              {hint()}
            </p>
          </div>
          <div class="actions">
            <Button kind="primary" onClick={() => field.current?.form?.requestSubmit()}>
              {t("test.lookUp")}
            </Button>
          </div>
          <p class="hint">{t("test.lookUpNote")}</p>
        </div>
        <SlipDrawing />
      </form>
    </>
  );

  function hint(): string {
    if (missing < 0) return t("test.codeTooLong", { count: -missing });
    if (missing === 0) return t("test.codeComplete");
    return code || isTried ? t("test.codeMissing", { count: missing }) : t("test.codeHint");
  }
}
