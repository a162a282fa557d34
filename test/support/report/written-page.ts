/** Elements whose contents nobody reads. */
const UNREAD = /<(script|style)[^>]*>[\s\S]*?<\/\1>/g;

/** A page without its scripts and styles. */
export function markupOf(html: string): string {
  return html.replace(UNREAD, "");
}

/** What a reader sees without scripts: no script, no style, no tags. */
export function wordsOf(html: string): string {
  return markupOf(html)
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");
}

/** What is between an element's tags, for each such element. */
export function contentsOf(html: string, element: string): string[] {
  return Array.from(
    html.matchAll(new RegExp(`<${element}[^>]*>([\\s\\S]*?)</${element}>`, "g")),
    ([, text]) => text!,
  );
}

/** What its charts are drawn from, by figure: JSON. */
export const drawingsOf = (html: string) => JSON.parse(contentsOf(html, "script")[0]!);
