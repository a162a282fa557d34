import type { ComponentChildren } from "preact";

/** What a button looks like: the next step, another one, or one that cannot be taken back. */
export type ButtonKind = "primary" | "secondary" | "danger";

interface Props {
  readonly kind?: ButtonKind;
  /** Whether it can be pressed now; said to screen readers, and it stays in the tab order. */
  readonly disabled?: boolean | undefined;
  readonly onClick: () => void;
  readonly children: ComponentChildren;
}

/** A button. */
export function Button({ kind = "secondary", disabled = false, onClick, children }: Props) {
  return (
    <button
      type="button"
      class={`button ${kind}`}
      aria-disabled={disabled}
      onClick={disabled ? undefined : onClick}
    >
      {children}
    </button>
  );
}
