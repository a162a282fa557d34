/**
 * What stands behind the figures of a page: what its words mean, and what wrote it.
 *
 * @module
 */
import { html } from "hono/html";
import type { Markup } from "./markup.ts";

/** A word, and what it means. */
export type Term = readonly [term: string, meaning: string];

/** Definitions, and what the page was written by and from. */
export function footMarkup(terms: readonly Term[], writtenBy: string): Markup {
  return html`<section aria-labelledby="reading-heading">
<h2 id="reading-heading">How to read this report</h2>
<dl class="terms">
${terms.map(
  ([term, meaning]) => html`<dt>${term}</dt><dd>${meaning}</dd>
`,
)}</dl>
<p class="screen-only">Tables of numbers that are open are printed.</p>
</section>
<footer><p>Written by ${writtenBy}.</p></footer>`;
}
