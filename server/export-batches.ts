import { randomBelow, type UpkeepContext } from "./context.ts";
import { HOUR, RETENTION } from "./durations.ts";
import { exportFile } from "./export-file.ts";
import { deleteLooseParts, offerExports, storeExport } from "./export-store.ts";
import {
  countKeys,
  insertKey,
  type KeyList,
  keysOfBatch,
  type TemporaryExposureKey,
} from "./temporary-exposure-keys.ts";

/** Length of a batch in seconds; batches begin at multiples of it. */
const BATCH_PERIOD = 4 * HOUR;

/** Seconds that must have passed since the end of a batch. */
const MIN_BATCH_AGE = 2 * HOUR;

const MAX_KEYS_PER_FILE = 500_000;
const PADDED_KEYS = 1000;
const PADDING_VARIATION = 100;

/**
 * Makes the export files of all finished batches (start <= time of filing < end) that hold keys and
 * have no files yet. The files of a batch appear together; wherever it is interrupted, the next
 * call begins that batch anew. Calling it again changes nothing. Times and padding are those of
 * exposure-notifications-server (docs/server_functional_requirements.md).
 *
 * @param maxKeysPerFile new and revised keys
 * @returns the number of files made
 */
export function createExports(context: UpkeepContext, maxKeysPerFile = MAX_KEYS_PER_FILE): number {
  const { db, now, breathe } = context;
  deleteLooseParts(db, breathe);
  // A batch of which the retention has begun to take keys away is never made (again).
  const first = Math.floor((now() - RETENTION) / BATCH_PERIOD + 1) * BATCH_PERIOD;
  let files = 0;
  for (let start = first; start + BATCH_PERIOD <= now() - MIN_BATCH_AGE; start += BATCH_PERIOD) {
    const made = db.get("SELECT 1 FROM export_files WHERE start_timestamp = ?", start);
    if (!made) files += createBatch(context, start, maxKeysPerFile);
  }
  return files;
}

function createBatch(context: UpkeepContext, start: number, maxKeysPerFile: number): number {
  const { db, region, secrets, breathe } = context;
  const end = start + BATCH_PERIOD;
  padBatch(context, start, end);
  const counts = {
    new: countKeys(db, "new", start, end),
    revised: countKeys(db, "revised", start, end),
  };
  const total = counts.new + counts.revised;
  const files = Math.ceil(total / maxKeysPerFile);
  const all = {
    new: keysOfBatch(db, "new", start, end),
    revised: keysOfBatch(db, "revised", start, end),
  };
  const stored = Array.from({ length: files }, (_, index) => {
    const fileNumber = index + 1;
    const [from, to] = [index * maxKeysPerFile, Math.min(fileNumber * maxKeysPerFile, total)];
    // New keys first, revised keys behind them: a file may have the end of these and begin with those.
    const share: Record<KeyList, number> = {
      new: Math.max(0, Math.min(to, counts.new) - from),
      revised: Math.max(0, to - Math.max(from, counts.new)),
    };
    const content = {
      region,
      startTimestamp: start,
      // Clients tell files apart by their times, so that the files of a split batch must differ.
      endTimestamp: files > 1 ? end + fileNumber : end,
      keys: take(all.new, share.new),
      revisedKeys: take(all.revised, share.revised),
    };
    const name = `${start}-${end}-${String(fileNumber).padStart(5, "0")}.zip`;
    return storeExport(db, name, start, exportFile(content, secrets.exportKeys), breathe);
  });
  offerExports(db, stored);
  return files;
}

/** The next keys of an iterator, which goes on afterwards. */
function* take<Key>(keys: Iterator<Key>, count: number): Generator<Key> {
  for (let taken = 0; taken < count; taken++) {
    const { done, value } = keys.next();
    if (done) throw new Error("a batch has changed while it was exported");
    yield value;
  }
}

/** Stores fake keys in a small batch, so that later looks at it find the same. */
function padBatch({ db, random, breathe }: UpkeepContext, start: number, end: number): void {
  const count = countKeys(db, "new", start, end);
  if (count === 0 || count >= PADDED_KEYS) return;
  const fakes = fakeKeys([...keysOfBatch(db, "new", start, end)], random);
  db.transaction(() => {
    for (const fake of fakes) insertKey(db, fake);
  });
  breathe();
}

/**
 * Fake keys that fill a small batch up to 1000 to 1100 keys, so that few uploads do not stand out.
 * Each copies everything but the key bytes from one of the real keys in turn.
 *
 * @param real at least one
 */
export function fakeKeys(
  real: readonly TemporaryExposureKey[],
  random: (length: number) => Uint8Array,
): TemporaryExposureKey[] {
  if (real.length >= PADDED_KEYS) return [];
  const wanted = PADDED_KEYS + randomBelow(random, PADDING_VARIATION + 1);
  return Array.from({ length: wanted - real.length }, (_, index) => ({
    ...real[index % real.length]!,
    keyData: new Uint8Array(random(16)),
  }));
}
