/**
 * @module
 */

/**
 * Where a fault of the program happened: the kind of error and its stack. Of its message nothing, which might quote a card,
 * a code, or what a token has said.
 */
export function faultTrace(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const { name, message, stack = "" } = error;
  // The stack begins with the message as it was when the error was made.
  const end = message ? stack.indexOf(message) + message.length : 0;
  const frames = stack
    .slice(end)
    .split("\n")
    .filter((line) => /^ {4}at /.test(line));
  return [name, ...frames].join("\n");
}
