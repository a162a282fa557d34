/**
 * A desk whose words are known before the token runs: both nonces are fixed, each request has a session of its own, and
 * so the interpreter needs no cryptography but the token's.
 *
 * @module
 */
import { nodePrimitives } from "../../companion/matching/node-primitives.ts";
import { DeskSession } from "../../companion/token/desk-session.ts";
import { createAssembler } from "../../protocol/frames.ts";
import { hkdfExpand, hmacSha256 } from "../../protocol/hkdf.ts";
import { MAX_MESSAGE } from "../../protocol/messages.ts";
import { SECRET_BYTES, SYNC_INFO } from "../../protocol/sync-session.ts";

/** The key of every token that a script runs. */
export const TOKEN_KEY = new Uint8Array(16);

const DESK_NONCE = Uint8Array.from({ length: 16 }, (_, index) => index + 1);
const TOKEN_NONCE = Uint8Array.from({ length: 16 }, (_, index) => index + 101);
/** What the double writes first, and what the token's random source gives then. */
const HELLO = new DeskSession(TOKEN_KEY, DESK_NONCE).hello;

const list = (bytes: Uint8Array): string => `[${bytes.join()}]`;

// A session in which one request may be sealed, or one response opened.
function begun(): DeskSession {
  const session = new DeskSession(TOKEN_KEY, DESK_NONCE);
  const nonces = Buffer.concat([DESK_NONCE, TOKEN_NONCE]);
  const extracted = hmacSha256(nodePrimitives, nonces, TOKEN_KEY);
  const proof = hkdfExpand(nodePrimitives, extracted, SYNC_INFO).subarray(SECRET_BYTES);
  if (!session.begin(Buffer.concat([TOKEN_NONCE, proof]))) {
    throw new Error("the scripted desk does not know its own proof");
  }
  return session;
}

/** What a script writes for a request. */
export const sealed = (message: Uint8Array): Uint8Array => begun().seal(message);

/** Source: connects, sends a request, and lets a second pass for the response. */
export const visit = (message: Uint8Array): string =>
  `visit(${list(HELLO)}, ${list(TOKEN_NONCE)}, ${list(sealed(message))}, 1);`;

/**
 * Source: defines `visitAll()`, which sends all requests like {@link visit}, a quarter of a second for each. Each stands in
 * the code by itself, so that the token's memory holds one at a time.
 */
export function visits(messages: readonly Uint8Array[]): string {
  const texts = messages.map((message) => Buffer.from(sealed(message)).toString("base64"));
  return `
  function visitShortly(text) {
    visit(${list(HELLO)}, ${list(TOKEN_NONCE)}, E.toUint8Array(atob(text)), 0.25);
  }
  function visitAll() {
    ${texts.map((text) => `visitShortly("${text}");`).join("\n")}
  }`;
}

/** The responses in what was notified: the hellos' answers are left out. */
export function responsesIn(notifications: readonly Uint8Array[]): Uint8Array[] {
  const found: Uint8Array[] = [];
  let assembler = createAssembler(1, MAX_MESSAGE);
  for (const fragment of notifications) {
    const response = assembler.accept(fragment);
    if (!response) continue;
    assembler = createAssembler(1, MAX_MESSAGE);
    const session = begun();
    session.seal(new Uint8Array(2));
    const message = session.open(response);
    if (!message) throw new Error("a response does not open");
    found.push(message);
  }
  return found;
}
