import type { ComponentChildren } from "preact";

/** What a notice is about: something to know, something to mind, something that went wrong, something that is well. */
export type NoticeKind = "information" | "caution" | "failure" | "success";

const SIGNS: Readonly<Record<NoticeKind, string>> = {
  information: "i",
  caution: "!",
  failure: "×",
  success: "✓",
};

interface Props {
  readonly kind: NoticeKind;
  readonly title?: string | undefined;
  readonly children?: ComponentChildren;
}

const ROLES = { failure: "alert", success: "status" } as const satisfies Partial<
  Record<NoticeKind, string>
>;

/** A notice in a frame. Failures are read out at once by screen readers, successes next, others when the person comes to them. */
export function Notice({ kind, title, children }: Props) {
  return (
    <div
      class={`notice ${kind}`}
      role={kind in ROLES ? ROLES[kind as keyof typeof ROLES] : undefined}
    >
      <span class="sign" aria-hidden="true">
        {SIGNS[kind]}
      </span>
      <div>
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
