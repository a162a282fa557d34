/** A laboratory's slip, and where its code is; it repeats what is written beside it. */
export function SlipDrawing() {
  return (
    <svg class="slip-drawing" viewBox="0 0 240 170" aria-hidden="true">
      <path
        class="paper"
        d="M20 8h200v146l-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8-10 8-10-8z"
      />
      <rect class="text-line" x="38" y="26" width="74" height="9" rx="4" />
      <rect class="text-line" x="38" y="45" width="164" height="6" rx="3" />
      <rect class="text-line" x="38" y="58" width="128" height="6" rx="3" />
      <text x="120" y="101" text-anchor="middle">
        012 345 6789
      </text>
      <rect class="around" x="44" y="78" width="152" height="36" rx="18" />
      <rect class="text-line" x="38" y="128" width="110" height="6" rx="3" />
    </svg>
  );
}
