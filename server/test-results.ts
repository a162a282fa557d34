import { createHash, randomUUID } from "node:crypto";
import type { ServerContext } from "./context.ts";

/** State of a test, with the numbers of the Corona-Warn-App (cwa-testresult-server, "TestResult"). */
export const TestStatus = {
  pending: 0,
  negative: 1,
  positive: 2,
  invalid: 3,
  redeemed: 4,
} as const;
export type TestStatus = (typeof TestStatus)[keyof typeof TestStatus];

/** One row of `tests`. */
export interface Test {
  readonly id: number;
  readonly status: TestStatus;
}

/**
 * Tests that laboratories registered. A code is never stored: only the HMAC of its SHA-256, which
 * is all that a look-up sends. Registration tokens are stored as HMAC too.
 */
export class TestResults {
  readonly #context: ServerContext;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /** The hash under which a code is stored, or would be. */
  #codeHash(codeSha256Hex: string): Uint8Array {
    const { db, secrets } = this.#context;
    const [newest, ...older] = secrets.hashes("code", codeSha256Hex);
    const stored = older.find((hash) => db.get("SELECT 1 FROM tests WHERE code_hash = ?", hash));
    return stored ?? newest!;
  }

  /** Adds a pending test for a 10-digit code; false when the code is registered already. */
  register(code: string): boolean {
    const changes = this.#context.db.run(
      "INSERT INTO tests (code_hash, status, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      this.#codeHash(sha256Hex(code)),
      TestStatus.pending,
      this.#context.now(),
    );
    return changes === 1;
  }

  /** Enters a result. It is final: a second one is not taken. */
  setResult(code: string, status: TestStatus): "entered" | "unknown" | "final" {
    const { db } = this.#context;
    const codeHash = this.#codeHash(sha256Hex(code));
    return db.transaction(() => {
      const changes = db.run(
        "UPDATE tests SET status = ? WHERE code_hash = ? AND status = ?",
        status,
        codeHash,
        TestStatus.pending,
      );
      if (changes === 1) return "entered";
      return db.get("SELECT id FROM tests WHERE code_hash = ?", codeHash) ? "final" : "unknown";
    });
  }

  /**
   * Makes a registration token (UUID) for the code with this SHA-256 (64 lower-case hex digits). An
   * earlier token for the code ends, since a wearer may go on at another desk. Undefined when the
   * code is unknown.
   */
  issueToken(codeSha256Hex: string): string | undefined {
    const token = randomUUID();
    const changes = this.#context.db.run(
      "UPDATE tests SET token_hash = ? WHERE code_hash = ?",
      this.#context.secrets.hash("token", token),
      this.#codeHash(codeSha256Hex),
    );
    return changes === 1 ? token : undefined;
  }

  /** The test of a registration token. */
  byToken(token: string): Test | undefined {
    const { db, secrets } = this.#context;
    for (const hash of secrets.hashes("token", token)) {
      const test = db.get<Test>("SELECT id, status FROM tests WHERE token_hash = ?", hash);
      if (test) return test;
    }
    return undefined;
  }
}

function sha256Hex(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
