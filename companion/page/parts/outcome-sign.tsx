import type { Outcome } from "../outcome.ts";

/**
 * An outcome's sign: a circle with a tick, a triangle, an octagon; a square with a plus, circles for a token that is on, or paused; told apart by
 * shape as well as by colour.
 */
export function OutcomeSign({ outcome }: { readonly outcome: Outcome }) {
  return (
    <svg class={`outcome-sign ${outcome}`} viewBox="0 0 64 64" aria-hidden="true">
      {outcome === "none" && (
        <>
          <circle class="ground" cx="32" cy="32" r="30" />
          <path class="mark" d="M18 33l10 10 19-21" />
        </>
      )}
      {outcome === "low" && (
        <>
          <path class="ground" d="M32 4 61 56a4 4 0 0 1-3 5H6a4 4 0 0 1-3-5Z" />
          <path class="mark" d="M32 24v17M32 50v1" />
        </>
      )}
      {outcome === "high" && (
        <>
          <path class="ground" d="M20 2h24l18 18v24L44 62H20L2 44V20Z" />
          <path class="mark" d="M32 15v22M32 48v1" />
        </>
      )}
      {outcome === "positive" && (
        <>
          <rect class="ground" x="4" y="4" width="56" height="56" rx="9" />
          <path class="mark" d="M32 17v30M17 32h30" />
        </>
      )}
      {outcome === "first" && (
        <>
          <circle class="ground" cx="32" cy="32" r="30" />
          <path class="mark" d="M32 13v17M22 21a15 15 0 1 0 20 0" />
        </>
      )}
      {outcome === "idle" && (
        <>
          <circle class="ground" cx="32" cy="32" r="30" />
          <path class="mark" d="M24 20v24M40 20v24" />
        </>
      )}
    </svg>
  );
}
