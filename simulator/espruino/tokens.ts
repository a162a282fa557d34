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
/** A string follows, behind its length in one byte, or in two. */
const RAW_STRING8 = 0xd1;
const RAW_STRING16 = 0xd2;

/** The script in plain words. @param code - one byte for each character */
export function untokenise(code: string): string {
  let script = "";
  for (let at = 0; at < code.length; at++) {
    const byte = code.charCodeAt(at);
    if (byte === RAW_STRING8 || byte === RAW_STRING16) {
      const start = at + (byte === RAW_STRING8 ? 2 : 3);
      const high = byte === RAW_STRING8 ? 0 : code.charCodeAt(at + 2);
      const end = start + code.charCodeAt(at + 1) + 256 * high;
      script += JSON.stringify(code.slice(start, end));
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
