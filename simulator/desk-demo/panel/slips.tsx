import { useEffect, useRef, useState } from "preact/hooks";
import type { DemoSlip } from "../demo-state.ts";
import { scanInto } from "./scanner.ts";
import type { PanelWords } from "./words.ts";

interface Props {
  readonly slips: readonly DemoSlip[];
  readonly words: PanelWords;
}

/** The laboratory's slips. They are typed into the page's field that had the focus last, or else its first one. */
export function Slips({ slips, words }: Props) {
  const field = useRef<HTMLInputElement | null>(null);
  const [noField, setNoField] = useState(false);
  useEffect(() => {
    const remember = ({ target }: FocusEvent): void => {
      if (target instanceof HTMLInputElement && isTextField(target)) field.current = target;
    };
    document.addEventListener("focusin", remember);
    return () => document.removeEventListener("focusin", remember);
  }, []);
  const scan = (code: string): void => {
    const remembered = field.current?.isConnected ? field.current : null;
    setNoField(!scanInto(remembered ?? firstTextField(), code));
  };
  return (
    <section aria-labelledby="demo-slips">
      <h3 class="demo-heading" id="demo-slips">
        {words.laboratory}
      </h3>
      <p>{words.laboratoryHint}</p>
      <ul class="demo-slips">
        {slips.map(({ kind, code }) => (
          <li key={kind} class="demo-slip">
            <span class="demo-kind">{words.slip[kind]}</span>
            <span class="demo-code">{code.replace(/(...)(...)(....)/, "$1 $2 $3")}</span>
            <button
              type="button"
              class="demo-button"
              aria-label={words.scanSlip(words.slip[kind])}
              onClick={() => scan(code)}
            >
              {words.scan}
            </button>
          </li>
        ))}
      </ul>
      {noField && (
        <p class="demo-hint" role="alert">
          {words.noField}
        </p>
      )}
    </section>
  );
}

function isTextField(field: HTMLInputElement): boolean {
  return field.type === "text" || field.type === "tel";
}

function firstTextField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("main input[inputmode='numeric']");
}
