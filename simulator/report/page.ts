/**
 * A page that is one file with everything in it.
 *
 * It can be kept and sent: it loads nothing, and its Content-Security-Policy lets it neither load nor run anything but its own
 * style and script.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { html, raw } from "hono/html";
import { builtDirectory } from "../../companion/built-directory.ts";
import { Failure } from "../../companion/failure.ts";
import type { Figure } from "./figure.ts";
import { figureMarkup, type Markup } from "./markup.ts";

/** The element with what is drawn; charts/charts.ts looks for it. */
const DATA_ID = "drawings";

/** What is on a page: its figures, and what stands before and after them. */
export interface Page {
  readonly title: string;
  readonly head: Markup;
  readonly figures: readonly Figure[];
  readonly foot: Markup;
}

/**
 * Writes a page. Without scripts it still has all numbers.
 *
 * @returns an HTML document
 * @throws Failure `report-missing` when the charts' script is not built
 */
export function renderPage({ title, head, figures, foot }: Page): string {
  const style = readBuilt("report.css");
  const script = readBuilt("charts.js");
  const drawings = Object.fromEntries(
    figures.flatMap(({ id, chart }) => (chart ? [[id, chart.drawing]] : [])),
  );
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy(style, script))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${raw(style)}</style>
</head>
<body>
<main>
${head}
<nav aria-label="Figures">
<ul>
${figures.map(
  ({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>
`,
)}</ul>
</nav>
<noscript><p class="notice">The charts are drawn by a script in this file, and scripts are off. All numbers are in the tables.</p></noscript>
${figures.map(figureMarkup)}
${foot}
</main>
<script type="application/json" id="${DATA_ID}">${raw(inlineJson(drawings))}</script>
<script>${raw(script)}</script>
</body>
</html>
`);
}

// Elements of text end at their end tag, wherever it stands; in JSON it can be written so that it does not look like one.
const inlineJson = (value: unknown): string => JSON.stringify(value).replaceAll("<", "\\u003c");

// Content-Security-Policy, level 3, as far as an element can give it. Charts set styles through the CSSOM, which it permits.
function policy(style: string, script: string): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}

const hashOf = (text: string): string =>
  `sha256-${createHash("sha256").update(text).digest("base64")}`;

function readBuilt(name: string): string {
  try {
    return readFileSync(`${builtDirectory("simulator/report/charts")}${name}`, "utf8");
  } catch {
    throw new Failure("report-missing", "The program is incomplete; run npm run build first.");
  }
}
