import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useWords } from "../../words.tsx";

/** How a finding looks; none of them alarms. */
export type FindingKind = "information" | "success" | "caution";

const SIGNS: Readonly<Record<FindingKind, string>> = {
  information: "M32 29v17M32 18v1",
  success: "M18 33l10 10 19-21",
  caution: "M32 16v20M32 47v1",
};

interface Props {
  readonly kind: FindingKind;
  readonly title: string;
  readonly text?: string | undefined;
  /** The code that was asked for, to be compared with the slip. */
  readonly asked?: string | undefined;
  /** What to do now. */
  readonly next?: string | undefined;
  /** Whether something inside takes the focus instead of the heading. */
  readonly ownFocus?: boolean;
  readonly children?: ComponentChildren;
}

/**
 * What came out, and what to do now. Its heading gets the focus when it appears, instead of the screen's: that one is the window's
 * title, too, which browsers write down, and so it says nothing of a result.
 */
export function Finding(props: Props) {
  const { kind, title, text, asked, next, ownFocus = false, children } = props;
  const { t } = useWords();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (!ownFocus) heading.current?.focus();
  }, []);
  return (
    <div class={`panel finding ${kind}`}>
      <div class="finding-head">
        <svg class="finding-sign" viewBox="0 0 64 64" aria-hidden="true">
          <circle cx="32" cy="32" r="30" />
          <path d={SIGNS[kind]} />
        </svg>
        <div>
          <h2 tabIndex={-1} ref={heading}>
            {title}
          </h2>
          {asked && <p class="asked">{asked}</p>}
        </div>
      </div>
      {text && <p>{text}</p>}
      {children}
      {next && (
        <div class="next">
          <h3>{t("test.next")}</h3>
          <p>{next}</p>
        </div>
      )}
    </div>
  );
}
