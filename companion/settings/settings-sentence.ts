import type { z } from "zod";

/**
 * What is wrong with a settings file, as the rest of a sentence that names the field and says what to do.
 * It repeats no value, since a value in the wrong place may be a secret.
 *
 * @param content - what the file holds
 */
export function sentenceOf(issue: z.core.$ZodIssue, content: unknown): string {
  const field = fieldOf(issue.path);
  if (field !== "" && valueAt(content, issue.path) === undefined && issue.code !== "custom") {
    return `lacks \`${field}\`; add it`;
  }
  switch (issue.code) {
    case "unrecognized_keys": {
      const unknown = fieldOf([...issue.path, issue.keys[0]!]);
      return `has \`${unknown}\`, which means nothing; correct its name or remove it`;
    }
    case "invalid_type":
      if (field === "") return "must be one JSON object, in { }";
      return `has a \`${field}\` of the wrong kind; it must be ${KINDS[issue.expected]}`;
    case "invalid_value": {
      const choices = issue.values.map((value) => `"${String(value)}"`).join(" or ");
      return `has a \`${field}\` that is not known; it must be ${choices}`;
    }
    default:
      return `has a mistake: \`${field}\` ${issue.message}`;
  }
}

/** What the schema asks for. */
const KINDS: Readonly<Record<string, string>> = {
  string: "a text, in quotation marks",
  number: "a number, without quotation marks",
  array: "a list, in [ ]",
  object: "an object, in { }",
};

function valueAt(content: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part],
    content,
  );
}

// `exports[0].publicKeys[1].id`
function fieldOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    return text === "" ? String(part) : `${text}.${String(part)}`;
  }, "");
}
