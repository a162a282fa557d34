import { createHash } from "node:crypto";
import { expect } from "vitest";
import { contentsOf, markupOf } from "./written-page.ts";

/** Expects that a page loads nothing: no element that would, no address in its style, and links only within itself. */
export function expectLoadsNothing(html: string): void {
  const markup = markupOf(html);
  expect(markup).not.toMatch(/<(link|img|iframe|object|embed|base|audio|video|source|form)\b/);
  expect(markup).not.toMatch(/\s(src|srcset|style|on\w+)=/);
  for (const [, to] of markup.matchAll(/href="([^"]*)"/g)) expect(to).toMatch(/^#/);
  expect(html).not.toMatch(/<script[^>]*\ssrc=/);
  expect(contentsOf(html, "style").join()).not.toMatch(/url\(|@import|@font-face/);
}

/** Expects that a page's policy permits its own script and style, by hash, and nothing else. */
export function expectOwnPolicy(html: string): void {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
  const [, script] = contentsOf(html, "script");
  const [style] = contentsOf(html, "style");
  const hash = (text: string) => createHash("sha256").update(text).digest("base64");
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src 'sha256-${hash(script!)}'`,
    `style-src 'sha256-${hash(style!)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  // Where the policy stands, nothing has run yet.
  expect(html.indexOf("Content-Security-Policy")).toBeLessThan(html.indexOf("<style"));
}
