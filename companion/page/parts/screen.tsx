import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A screen: its heading gets the focus when it appears, so that keyboard and screen reader begin there. */
export function Screen({ title, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  // A new title is a new screen.
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <section class="screen" aria-labelledby="screen-title">
      <h1 id="screen-title" tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </section>
  );
}
