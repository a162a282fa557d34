interface Props {
  readonly texts: readonly string[];
}

/** Paragraphs; those that begin with `- ` are points of a list. */
export function Paragraphs({ texts }: Props) {
  const blocks: (string | string[])[] = [];
  for (const text of texts) {
    const last = blocks.at(-1);
    if (!text.startsWith("- ")) blocks.push(text);
    else if (Array.isArray(last)) last.push(text.slice(2));
    else blocks.push([text.slice(2)]);
  }
  return (
    <>
      {blocks.map((block) =>
        Array.isArray(block) ? (
          <ul key={block.join()}>
            {block.map((point) => (
              <li key={point}>{point}</li>
            ))}
          </ul>
        ) : (
          <p key={block}>{block}</p>
        ),
      )}
    </>
  );
}
