import type { ServerContext } from "./context.ts";
import { HOUR, RETENTION } from "./durations.ts";
import { writeExportFile } from "./export-file.ts";
import { insertKey, keysCreated, type TemporaryExposureKey } from "./temporary-exposure-keys.ts";

/** Length of a batch in seconds; batches begin at multiples of it. */
const BATCH_PERIOD = 4 * HOUR;

/** Seconds that must have passed since the end of a batch. */
const MIN_BATCH_AGE = 2 * HOUR;

const MAX_KEYS_PER_FILE = 500_000;
const PADDED_KEYS = 1000;
const PADDING_VARIATION = 100;

/**
 * Makes the export files of all finished batches (start <= created_at < end) that hold keys and
 * have no files yet, each batch in one transaction. Calling it again changes nothing. Times and
 * padding are those of exposure-notifications-server (docs/server_functional_requirements.md).
 *
 * @returns the number of files made
 */
export function createExports(context: ServerContext): number {
  const { db, now } = context;
  // A batch of which the retention has begun to take keys away is never made (again).
  const batches = db.all<{ start: number }>(
    `SELECT DISTINCT created_at - created_at % ?1 AS start FROM temporary_exposure_keys
     WHERE start + ?1 <= ?2 AND start > ?3 ORDER BY start`,
    BATCH_PERIOD,
    now() - MIN_BATCH_AGE,
    now() - RETENTION,
  );
  let files = 0;
  for (const { start } of batches) files += db.transaction(() => createBatch(context, start));
  return files;
}

function createBatch(context: ServerContext, start: number): number {
  const { db, random, region, secrets } = context;
  if (db.get("SELECT 1 FROM exports WHERE start_timestamp = ?", start)) return 0;
  const end = start + BATCH_PERIOD;
  for (const fake of fakeKeys(keysCreated(db, start, end), random)) insertKey(db, fake);
  const files = splitBatch(keysCreated(db, start, end), MAX_KEYS_PER_FILE);
  files.forEach((keys, index) => {
    const fileNumber = index + 1;
    // Clients tell files apart by their times, so that the files of a split batch must differ.
    const endTimestamp = files.length > 1 ? end + fileNumber : end;
    const content = { region, startTimestamp: start, endTimestamp, keys };
    db.run(
      "INSERT INTO exports (name, start_timestamp, zip) VALUES (?, ?, ?)",
      `${start}-${end}-${String(fileNumber).padStart(5, "0")}.zip`,
      start,
      writeExportFile(content, secrets.exportKey),
    );
  });
  return files.length;
}

/**
 * Fake keys that fill a small batch up to 1000 to 1100 keys, so that few uploads do not stand out.
 * Each copies everything but the key bytes from one of the real keys in turn; they are stored like
 * real ones.
 */
export function fakeKeys(
  real: readonly TemporaryExposureKey[],
  random: (length: number) => Uint8Array,
): TemporaryExposureKey[] {
  if (real.length >= PADDED_KEYS) return [];
  const [high = 0, low = 0] = random(2);
  const wanted = PADDED_KEYS + (((high << 8) | low) % (PADDING_VARIATION + 1));
  return Array.from({ length: wanted - real.length }, (_, index) => ({
    ...real[index % real.length]!,
    keyData: new Uint8Array(random(16)),
  }));
}

/** Cuts the keys of a batch into the keys of its files. */
export function splitBatch<Key>(keys: readonly Key[], maxKeysPerFile: number): Key[][] {
  const files: Key[][] = [];
  for (let at = 0; at < keys.length; at += maxKeysPerFile) {
    files.push(keys.slice(at, at + maxKeysPerFile));
  }
  return files;
}
