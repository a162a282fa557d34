/**
 * Figures and tables as HTML. Everything that comes from findings is escaped by the template.
 *
 * @module
 */
import { html } from "hono/html";
import type { Figure, LegendEntry, Table } from "./figure.ts";
import { corners, type Sign } from "./signs.ts";

/** HTML that is escaped where it must be. */
export type Markup = ReturnType<typeof html>;

/**
 * A figure.
 *
 * Its chart is hidden until the script has drawn it, and its table is open until then, so that a reader without scripts has the
 * numbers.
 */
export function figureMarkup({ id, heading, says, chart, table }: Figure): Markup {
  return html`
<figure id="${id}" aria-labelledby="${id}-heading">
<figcaption>
<h2 id="${id}-heading">${heading}</h2>
<p>${says}</p>
</figcaption>
${
  chart &&
  html`<div class="picture" hidden>
${chart.legend && legendMarkup(chart.legend)}
<div class="place" data-drawing="${id}" data-label="${chart.label}"></div>
</div>`
}
${
  table &&
  html`<details open>
<summary>Numbers<span class="only-read">: ${table.caption}</span></summary>
${tableMarkup(table)}
</details>`
}
</figure>`;
}

/** A table, which scrolls by itself where it is too wide. */
export function tableMarkup({ caption, columns, rows }: Table): Markup {
  return html`<div class="table" tabindex="0" role="region" aria-label="${caption}">
<table>
<caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...others]) => html`<tr><th scope="row">${first}</th>${others.map(
    (cell) => html`<td>${cell}</td>`,
  )}</tr>
`,
)}</tbody>
</table>
</div>`;
}

function legendMarkup(entries: readonly LegendEntry[]): Markup {
  return html`<ul class="legend">
${entries.map(
  ({
    colour,
    name,
    sign,
  }) => html`<li><svg class="swatch" aria-hidden="true" width="22" height="14" viewBox="0 0 22 14">${
    sign
      ? html`<polygon class="${colour}" points="${pointsOf(sign, 11, 7, 5.5)}"/>`
      : html`<rect class="${colour}" x="1" y="1" width="20" height="12"/>`
  }</svg>${name}</li>
`,
)}</ul>`;
}

const pointsOf = (sign: Sign, x: number, y: number, radius: number): string =>
  corners(sign)
    .map(([dx, dy]) => `${(x + radius * dx).toFixed(1)},${(y + radius * dy).toFixed(1)}`)
    .join(" ");
