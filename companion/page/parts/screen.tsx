import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useWords } from "../words.tsx";

interface Props {
  readonly title: string;
  /** Whether something inside takes the focus instead of the heading. */
  readonly ownFocus?: boolean;
  /** The `id` of what is read out with the heading, for screens whose title does not say what there is on them. */
  readonly summary?: string | undefined;
  readonly children: ComponentChildren;
}

/**
 * A screen: its heading gets the focus when it appears, so that keyboard and screen reader begin there. The title is the window's,
 * too, which browsers write down: it says what is done, and nothing about a wearer.
 */
export function Screen({ title, ownFocus = false, summary, children }: Props) {
  const { t, language } = useWords();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef({ title: "", language });
  useEffect(() => {
    document.title = `${title} · ${t("shell.title")}`;
    // A new title is a new screen, but not the same one in another language.
    const isNew = shown.current.title === "" || shown.current.language === language;
    shown.current = { title, language };
    if (isNew && !ownFocus) heading.current?.focus();
  }, [title, language]);
  useEffect(() => {
    // What had the focus has gone.
    if (document.activeElement === document.body && !ownFocus) {
      heading.current?.focus({ preventScroll: true });
    }
  });
  return (
    <section class="screen" aria-labelledby={id}>
      <h1 id={id} tabIndex={-1} aria-describedby={summary} ref={heading}>
        {title}
      </h1>
      {children}
    </section>
  );
}
