import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Libsql from "libsql";
import { expect } from "vitest";
import { openSecretStore } from "../../../server/secret-store.ts";
import { openSecrets } from "../../../server/secrets.ts";
import { readExported } from "../read-exported.ts";

/** What one wearer uploads. */
export interface Upload {
  readonly code: string;
  /** Base64. */
  readonly keys: readonly string[];
}

/** What was seen in files so far: they never change, and no key is in two of them. */
export interface Seen {
  /** SHA-256 in hexadecimal by name. */
  readonly files: Map<string, string>;
  /** File name by key in base64. */
  readonly keys: Map<string, string>;
  /** How often an export was found half made: padded and not offered, or in parts. */
  halfMade: number;
}

/**
 * Looks at what a killed server has left, on a copy, so that recovery stays the next server's task.
 *
 * @returns how many of the uploads are stored
 */
export function inspect(dataDir: string, uploads: readonly Upload[], seen: Seen): Set<Upload> {
  const copy = mkdtempSync(join(tmpdir(), "saqbol-crash-"));
  cpSync(dataDir, copy, { recursive: true });
  const db = new Libsql(join(copy, "key-server.sqlite"));
  const all = <Row>(sql: string, ...values: unknown[]) => db.prepare(sql).all(values) as Row[];
  try {
    expect(all("PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(all("PRAGMA foreign_key_check")).toEqual([]);
    // Killed before the schema was there.
    if (all("SELECT 1 FROM sqlite_schema WHERE name = 'export_files'").length === 0) {
      return new Set();
    }
    const secrets = openSecrets(openSecretStore(copy));
    inspectExports(secrets.exportKeys[0]!.publicKeyPem);
    return new Set(uploads.filter((upload) => isStored(upload)));

    /** All keys and the test used up, or no key and the test not used up. */
    function isStored({ code, keys }: Upload): boolean {
      const sha256 = createHash("sha256").update(code).digest("hex");
      const [test] = all<{ id: number; status: number }>(
        "SELECT id, status FROM tests WHERE code_hash = ?",
        Buffer.from(secrets.hash("code", sha256)),
      );
      const stored = keys.filter(
        (key) =>
          all(
            "SELECT 1 FROM temporary_exposure_keys WHERE key_data = ?",
            Buffer.from(key, "base64"),
          ).length === 1,
      );
      const used = test?.status === 4;
      expect(stored.length).toBe(used ? keys.length : 0);
      if (used) expect(all("SELECT 1 FROM certificates WHERE test_id = ?", test.id)).toEqual([]);
      return used;
    }
  } finally {
    db.close();
    rmSync(copy, { recursive: true });
  }

  /** Whatever is offered is whole, verifies, and is what it was before. */
  function inspectExports(pem: string): void {
    const halfMade = all(
      `SELECT 1 FROM export_parts WHERE name NOT IN (SELECT name FROM export_files)
       UNION ALL
       SELECT 1 FROM temporary_exposure_keys
       WHERE created_at > (SELECT max(created_at) FROM temporary_exposure_keys) - 10 * 86400
       GROUP BY created_at / 14400
       HAVING count(*) > 900
         AND created_at / 14400 * 14400 NOT IN (SELECT start_timestamp FROM export_files)`,
    );
    if (halfMade.length > 0) seen.halfMade++;
    type File = { name: string; size: number; sha256: ArrayBuffer };
    for (const { name, size, sha256 } of all<File>("SELECT * FROM export_files")) {
      const digest = Buffer.from(sha256).toString("hex");
      const before = seen.files.get(name);
      if (before !== undefined) {
        expect(digest).toBe(before);
        continue;
      }
      const parts = all<{ bytes: ArrayBuffer }>(
        "SELECT bytes FROM export_parts WHERE name = ? ORDER BY part",
        name,
      );
      const zip = Buffer.concat(parts.map(({ bytes }) => Buffer.from(bytes)));
      expect(zip.length).toBe(size);
      expect(createHash("sha256").update(zip).digest("hex")).toBe(digest);
      const file = readExported(new Uint8Array(zip), [{ id: "401", version: "v1", pem }]);
      expect(file.keys.length).toBeGreaterThanOrEqual(1000);
      for (const { keyData } of file.keys) {
        const key = Buffer.from(keyData).toString("base64");
        expect(seen.keys.get(key)).toBeUndefined();
        seen.keys.set(key, name);
      }
      seen.files.set(name, digest);
    }
  }
}
