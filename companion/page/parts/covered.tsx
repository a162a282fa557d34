import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  /** Shown instead for a while; null for nothing. */
  readonly by: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A screen that waits, with all that was typed into it, while another is shown in its place. */
export function Covered({ by, children }: Props) {
  const screen = useRef<HTMLDivElement>(null);
  const before = useRef<{ focused: HTMLElement; title: string | undefined } | null>(null);
  const isCovered = by !== null;
  const heading = (): HTMLElement | null => screen.current?.querySelector("h1") ?? null;
  const { activeElement } = document;
  if (
    isCovered &&
    activeElement instanceof HTMLElement &&
    screen.current?.contains(activeElement)
  ) {
    before.current = { focused: activeElement, title: heading()?.innerText };
  }
  useEffect(() => {
    if (isCovered || !before.current) return;
    const { focused, title } = before.current;
    before.current = null;
    // Where it was, or at the beginning of what is new.
    if (focused.isConnected && title === heading()?.innerText) focused.focus();
    else heading()?.focus();
  }, [isCovered]);
  return (
    <>
      {by}
      <div ref={screen} hidden={isCovered}>
        {children}
      </div>
    </>
  );
}
