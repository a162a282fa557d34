import { randomInt } from "node:crypto";
import type { ServerContext } from "./context.ts";
import { DAY } from "./durations.ts";
import type { ReportTypeName } from "./report-types.ts";

/** Digits of a short code and the seconds for which it lives. */
const SHORT_CODE = { length: 8, alphabet: "0123456789", lifetime: 15 * 60 };
/** The same for a long code, which travels in a link. */
const LONG_CODE = {
  length: 16,
  alphabet: "abcdefghijklmnopqrstuvwxyz0123456789",
  lifetime: 24 * 3600,
};

/** What a code stands for. Dates are YYYY-MM-DD; empty when not known. */
export interface CodeSubject {
  readonly testType: ReportTypeName;
  readonly symptomDate: string;
  readonly testDate: string;
}

/** A code as those who issue it get it; nobody can read it again. */
export interface IssuedCode {
  readonly code: string;
  readonly longCode: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly longExpiresAt: number;
}

/** What may be known of a code later. */
export interface CodeStatus {
  readonly claimed: boolean;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly longExpiresAt: number;
}

interface Row {
  uuid_hash: Uint8Array;
  code_hash: Uint8Array;
  test_type: ReportTypeName | null;
  symptom_date: string | null;
  test_date: string | null;
  claimed: 0 | 1;
  expires_at: number;
  long_expires_at: number;
}

/**
 * Codes that were issued for verified reports (exposure-notifications-verification-server,
 * docs/api.md, "/api/issue"). Codes and handles are stored as HMACs only; type and dates leave the
 * table when the code is claimed or has expired.
 */
export class VerificationCodes {
  readonly #context: ServerContext;

  constructor(context: ServerContext) {
    this.#context = context;
  }

  /**
   * Issues a code. Call it in a transaction.
   *
   * @param uuid handle under which its issuer asks for it, not taken yet
   * @param linked whether the long code is handed out; otherwise it lives no longer than the short
   */
  issue(uuid: string, subject: CodeSubject, linked: boolean): IssuedCode {
    const { db, secrets, now } = this.#context;
    const expiresAt = now() + SHORT_CODE.lifetime;
    const longExpiresAt = linked ? now() + LONG_CODE.lifetime : expiresAt;
    for (;;) {
      const code = draw(SHORT_CODE);
      const longCode = draw(LONG_CODE);
      // Another code with the same digits: draw again.
      if (this.#find(code) || this.#find(longCode)) continue;
      db.run(
        `INSERT INTO verification_codes (uuid_hash, code_hash, long_code_hash, test_type,
           symptom_date, test_date, claimed, expires_at, long_expires_at, created_at)
         VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
        secrets.hash("uuid", uuid),
        secrets.hash("issued code", code),
        secrets.hash("issued code", longCode),
        subject.testType,
        subject.symptomDate,
        subject.testDate,
        expiresAt,
        longExpiresAt,
        now(),
      );
      return { code, longCode, expiresAt, longExpiresAt };
    }
  }

  /** How many codes were issued since the last midnight UTC. */
  issuedToday(): number {
    const { db, now } = this.#context;
    const row = db.get<{ n: number }>(
      "SELECT count(*) AS n FROM verification_codes WHERE created_at >= ?",
      now() - (now() % DAY),
    );
    return row!.n;
  }

  /**
   * Claims a code, short or long, if its type is accepted. Call it in a transaction.
   *
   * @returns what it stands for, or why it cannot be claimed
   */
  claim(
    code: string,
    accepts: ReadonlySet<ReportTypeName>,
  ): CodeSubject | "invalid" | "expired" | "unsupported" {
    const { db, now, secrets } = this.#context;
    const row = this.#find(code);
    if (!row) return "invalid";
    const isShort = secrets
      .hashes("issued code", code)
      .some((hash) => Buffer.compare(hash, row.code_hash) === 0);
    if ((isShort ? row.expires_at : row.long_expires_at) <= now()) return "expired";
    if (row.claimed === 1 || row.test_type === null) return "invalid";
    if (!accepts.has(row.test_type)) return "unsupported";
    db.run(
      `UPDATE verification_codes SET claimed = 1, test_type = NULL, symptom_date = NULL,
         test_date = NULL WHERE uuid_hash = ?`,
      row.uuid_hash,
    );
    return {
      testType: row.test_type,
      symptomDate: row.symptom_date ?? "",
      testDate: row.test_date ?? "",
    };
  }

  /** What became of a code; undefined when there is none of this handle. */
  status(uuid: string): CodeStatus | undefined {
    const row = this.#byHandle(uuid);
    return (
      row && {
        claimed: row.claimed === 1,
        expiresAt: row.expires_at,
        longExpiresAt: row.long_expires_at,
      }
    );
  }

  /** Ends a code now. Call it in a transaction. */
  expire(uuid: string): CodeStatus | "unknown" | "claimed" {
    const { db, now } = this.#context;
    const row = this.#byHandle(uuid);
    if (!row) return "unknown";
    if (row.claimed === 1) return "claimed";
    const expiresAt = Math.min(row.expires_at, now());
    const longExpiresAt = Math.min(row.long_expires_at, now());
    db.run(
      `UPDATE verification_codes SET expires_at = ?, long_expires_at = ?, test_type = NULL,
         symptom_date = NULL, test_date = NULL WHERE uuid_hash = ?`,
      expiresAt,
      longExpiresAt,
      row.uuid_hash,
    );
    return { claimed: false, expiresAt, longExpiresAt };
  }

  #byHandle(uuid: string): Row | undefined {
    const { db, secrets } = this.#context;
    for (const hash of secrets.hashes("uuid", uuid)) {
      const row = db.get<Row>("SELECT * FROM verification_codes WHERE uuid_hash = ?", hash);
      if (row) return row;
    }
    return undefined;
  }

  #find(code: string): Row | undefined {
    const { db, secrets } = this.#context;
    for (const hash of secrets.hashes("issued code", code)) {
      const row = db.get<Row>(
        "SELECT * FROM verification_codes WHERE code_hash = ?1 OR long_code_hash = ?1",
        hash,
      );
      if (row) return row;
    }
    return undefined;
  }
}

function draw({ length, alphabet }: { length: number; alphabet: string }): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
