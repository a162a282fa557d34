/**
 * The report of a simulation: one HTML file with everything in it.
 *
 * @module
 */
import type { Findings } from "../findings/findings.ts";
import { FIGURES } from "./figures/figures.ts";
import { howToRead } from "./how-to-read.ts";
import { keyFigures } from "./key-figures.ts";
import { renderPage } from "./page.ts";
import { program } from "./program.ts";

/**
 * Writes a report.
 *
 * @returns an HTML document
 * @throws Failure `report-missing` when the charts' script is not built
 */
export function renderReport(findings: Findings): string {
  return renderPage({
    title: `${findings.title}: report of a simulation`,
    head: keyFigures(findings),
    figures: FIGURES.map((figure) => figure(findings)),
    foot: howToRead(findings, program()),
  });
}
