import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeExportFile } from "../../server/export-file.ts";

/** Keys in the largest file that Google's server writes. */
export const NATIONAL_KEYS = 500_000;

/**
 * Writes a day's export of a whole country, and the public key to check it with.
 *
 * @returns their paths
 */
export function writeNationalExport(directory: string): { zip: string; pem: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const random = randomBytes(16 * NATIONAL_KEYS);
  const today = 2_666_880;
  const keys = Array.from({ length: NATIONAL_KEYS }, (_, index) => ({
    keyData: random.subarray(16 * index, 16 * (index + 1)),
    rollingStartIntervalNumber: today - 144 * (1 + (index % 14)),
    rollingPeriod: index % 10 === 0 ? 100 : 144,
    transmissionRiskLevel: 2,
    daysSinceOnsetOfSymptoms: 3 - (index % 14),
    createdAt: 0,
  }));
  const window = { region: "KZ", startTimestamp: today * 600 - 86_400, endTimestamp: today * 600 };
  const zip = join(directory, "national.zip");
  const pem = join(directory, "public-key.pem");
  writeFileSync(zip, writeExportFile({ ...window, keys }, privateKey));
  writeFileSync(pem, publicKey.export({ type: "spki", format: "pem" }));
  return { zip, pem };
}
