/**
 * Reads scripts whose reserved words and strings are single bytes, as Espruino does. Source: Espruino,
 * `src/jslex.h` and `src/jslex.c`.
 *
 * @module
 */

const FIRST_TOKEN = 138;
const TOKENS = (
  "== === != !== <= << <<= >= >> >>> >>= >>>= += -= ++ -- *= /= %= &= && |= || ^= => " +
  "if else do while for break continue function return var let const this throw try catch " +
  "finally true false null undefined new in instanceof switch case default delete typeof void " +
  "debugger class extends super static of"
).split(" ");
/** A string follows, behind its length in one byte. */
const RAW_STRING = 0xd1;

/** The script in plain words. @param code - one byte for each character */
export function untokenise(code: string): string {
  let script = "";
  for (let at = 0; at < code.length; at++) {
    const byte = code.charCodeAt(at);
    if (byte === RAW_STRING) {
      const end = at + 2 + code.charCodeAt(at + 1);
      script += JSON.stringify(code.slice(at + 2, end));
      at = end - 1;
    } else if (byte >= FIRST_TOKEN) {
      const token = TOKENS[byte - FIRST_TOKEN];
      if (!token) throw new Error(`The simulated Espruino does not know the token ${byte}`);
      script += ` ${token} `;
    } else {
      script += code[at];
    }
  }
  return script;
}
