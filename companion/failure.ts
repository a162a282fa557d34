/**
 * A failure that the person at the desk or at the command line can act on.
 *
 * `message` is one sentence that says what was wrong and what to do; it never contains keys,
 * identifiers, codes or anything about a wearer. `code` is a short stable name for scripts
 * (`--json`) and tests, such as `link-lost`.
 */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
