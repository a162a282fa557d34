/**
 * Small drawings of what a wearer holds in the hand. They repeat what is written beside them.
 *
 * @module
 */

/** A card with its square code. */
export function CardDrawing() {
  return (
    <svg class="drawing" viewBox="0 0 120 96" aria-hidden="true">
      <rect class="paper" x="8" y="8" width="104" height="80" rx="8" />
      <rect class="text-line strong" x="18" y="20" width="34" height="7" rx="3" />
      <rect class="text-line" x="18" y="34" width="28" height="4" rx="2" />
      <rect class="text-line" x="18" y="54" width="84" height="4" rx="2" />
      <rect class="text-line" x="18" y="64" width="84" height="4" rx="2" />
      <rect class="text-line" x="18" y="74" width="60" height="4" rx="2" />
      <g class="square-code">
        <path d="M68 16h10v10h-10zM92 16h10v10h-10zM68 38h10v10h-10z" class="finder" />
        <path d="M71 19h4v4h-4zM95 19h4v4h-4zM71 41h4v4h-4zM82 16h4v4h-4zM86 22h3v6h-3zM81 28h5v5h-5zM90 30h6v4h-6zM98 29h4v5h-4zM68 30h5v4h-5zM76 32h4v4h-4zM83 37h5v5h-5zM92 38h4v4h-4zM98 37h4v6h-4zM88 44h5v4h-5zM82 45h3v3h-3zM97 45h5v3h-5z" />
      </g>
    </svg>
  );
}

interface TokenProps {
  /** Whether a finger holds the button. */
  readonly held?: boolean;
  /** Whether it shows how: the finger comes, and after three seconds the blue light; where movement is welcome. */
  readonly moving?: boolean;
}

/** A token with its blue light. */
export function TokenDrawing({ held = false, moving = false }: TokenProps) {
  return (
    <svg class={`drawing token ${moving ? "moving" : ""}`} viewBox="0 0 160 128" aria-hidden="true">
      <circle class="glow" cx="66" cy="66" r="58" />
      <circle class="body" cx="66" cy="66" r="44" />
      <circle class="rim" cx="66" cy="66" r="34" />
      {moving && <circle class="held" cx="66" cy="66" r="39" pathLength="100" />}
      <circle class="light" cx="66" cy="66" r="9" />
      {held && (
        <g class="finger">
          <path d="M152 128 L102 74 a13 13 0 0 0 -20 16 L112 128 Z" />
          <path class="nail" d="M89 75 a9 9 0 0 1 10 1" />
        </g>
      )}
    </svg>
  );
}

/** A result, as a sheet with a tick. */
export function ResultDrawing() {
  return (
    <svg class="drawing" viewBox="0 0 120 96" aria-hidden="true">
      <rect class="paper" x="8" y="8" width="104" height="80" rx="8" />
      <path class="tick" d="M22 32l7 7 13-15" />
      <rect class="text-line strong" x="52" y="24" width="48" height="7" rx="3" />
      <rect class="text-line" x="52" y="36" width="36" height="4" rx="2" />
      <g class="bars">
        <rect x="20" y="70" width="8" height="8" />
        <rect x="32" y="76" width="8" height="2" />
        <rect x="44" y="58" width="8" height="20" />
        <rect x="56" y="76" width="8" height="2" />
        <rect x="68" y="66" width="8" height="12" />
        <rect x="80" y="76" width="8" height="2" />
        <rect x="92" y="76" width="8" height="2" />
      </g>
    </svg>
  );
}
