/**
 * What stands before the figures of a page: what was run, and the key figures.
 *
 * @module
 */
import { html } from "hono/html";
import type { Markup } from "./markup.ts";

/** A number in large letters. */
export interface KeyFigure {
  readonly name: string;
  readonly value: string;
  /** What is to be known about it. */
  readonly more: string;
}

/** What a head says. */
export interface Head {
  /** What the page is, in a few words. */
  readonly kind: string;
  readonly title: string;
  /** Why a report is a partial one, in sentences. */
  readonly partial?: string | undefined;
  readonly whatWasRun: string;
  readonly figures: readonly KeyFigure[];
  /** What stands below the key figures. */
  readonly below?: Markup | undefined;
}

/** Title, notice of a partial report, what was run, and the key figures. */
export function headMarkup({ kind, title, partial, whatWasRun, figures, below }: Head): Markup {
  return html`<header>
<p class="kind">${kind}</p>
<h1>${title}</h1>
${partial && html`<p class="notice" role="note"><strong>Partial report.</strong> ${partial}</p>`}
<p class="lead">${whatWasRun}</p>
</header>
<section aria-labelledby="key-heading">
<h2 id="key-heading">Key figures</h2>
<dl class="key">
${figures.map(
  ({
    name,
    value,
    more,
  }) => html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${more}</span></dd></div>
`,
)}</dl>
${below}
</section>`;
}

/** Says how many runs there were, and of which seeds. */
export function runsInWords(seeds: readonly string[]): string {
  return seeds.length === 1
    ? `in one run (seed ${seeds[0]})`
    : `in ${seeds.length} runs that differ in chance (seeds ${seeds.join(", ")})`;
}
