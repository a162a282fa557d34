/** A temporary exposure key (TEK) as it was published. */
export interface PublishedKey {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  /** First interval (ENIN: unix seconds / 600) of the key. */
  readonly rollingStartIntervalNumber: number;
  /** Intervals for which it was valid, 1..144. */
  readonly rollingPeriod: number;
  /** As published; 0 if absent. */
  readonly transmissionRiskLevel: number;
  /** 0 unknown, 1 confirmed test, 2 clinical diagnosis, 3 self-report, 4 recursive, 5 revoked. */
  readonly reportType: number;
  /** Day of the key minus day of symptom onset. */
  readonly daysSinceOnsetOfSymptoms?: number;
}

/** Stands in {@link PublishedKeys} for onset days that were not published. */
export const NO_ONSET = 0x7fff;

/** Many published keys in columns: half a million objects would take ten times the memory. */
export interface PublishedKeys {
  readonly length: number;
  /** TEKs, 16 bytes each, one after the other. */
  readonly keyData: Uint8Array;
  /** First interval (ENIN) of each. */
  readonly rollingStart: Uint32Array;
  /** Intervals for which each was valid, 1..144. */
  readonly rollingPeriod: Uint8Array;
  /** As published, 0 if absent; what does not fit a byte is 255. */
  readonly transmissionRiskLevel: Uint8Array;
  /** As in {@link PublishedKey}; what does not fit a byte is 255. */
  readonly reportType: Uint8Array;
  /** Day of the key minus day of symptom onset, or {@link NO_ONSET}. */
  readonly daysSinceOnset: Int16Array;
}

const KEY_BYTES = 16;

/** Collects keys into columns. */
export class PublishedKeysBuilder {
  #columns: Columns;
  #length = 0;

  /** @param capacity - for how many keys to make room at first */
  constructor(capacity = 256) {
    this.#columns = columnsFor(Math.max(1, capacity));
  }

  /** Appends a key, whose bytes are copied; its values must lie in their ranges. */
  add(key: PublishedKey): void {
    this.addFields(
      key.keyData,
      0,
      key.rollingStartIntervalNumber,
      key.rollingPeriod,
      key.transmissionRiskLevel,
      key.reportType,
      key.daysSinceOnsetOfSymptoms ?? NO_ONSET,
    );
  }

  /**
   * Appends a key without an object for it.
   *
   * @param source - holds the key's 16 bytes from `from` on
   * @param onset - {@link NO_ONSET} if absent
   */
  addFields(
    source: Uint8Array,
    from: number,
    start: number,
    period: number,
    risk: number,
    reportType: number,
    onset: number,
  ): void {
    const at = this.#length++;
    if (at === this.#columns.rollingStart.length) this.#columns = enlarged(this.#columns, 2 * at);
    const columns = this.#columns;
    const target = columns.keyData;
    // Cheaper for 16 bytes than a view of them to copy from.
    for (let byte = 0; byte < KEY_BYTES; byte++) {
      target[at * KEY_BYTES + byte] = source[from + byte] as number;
    }
    columns.rollingStart[at] = start;
    columns.rollingPeriod[at] = period;
    columns.transmissionRiskLevel[at] = inByte(risk);
    columns.reportType[at] = inByte(reportType);
    columns.daysSinceOnset[at] = Math.max(-NO_ONSET, Math.min(onset, NO_ONSET));
  }

  /** All that was added, in that order. Nothing is to be added afterwards. */
  finish(): PublishedKeys {
    const { keyData, ...columns } = this.#columns;
    const length = this.#length;
    return {
      length,
      keyData: keyData.subarray(0, length * KEY_BYTES),
      rollingStart: columns.rollingStart.subarray(0, length),
      rollingPeriod: columns.rollingPeriod.subarray(0, length),
      transmissionRiskLevel: columns.transmissionRiskLevel.subarray(0, length),
      reportType: columns.reportType.subarray(0, length),
      daysSinceOnset: columns.daysSinceOnset.subarray(0, length),
    };
  }
}

/** The keys of a list in columns. */
export function publishedKeys(keys: Iterable<PublishedKey>): PublishedKeys {
  const builder = new PublishedKeysBuilder();
  for (const key of keys) builder.add(key);
  return builder.finish();
}

/** The key at `index`, whose bytes are a copy. */
export function publishedKeyAt(keys: PublishedKeys, index: number): PublishedKey {
  const onset = keys.daysSinceOnset[index] as number;
  return {
    keyData: keys.keyData.slice(index * KEY_BYTES, (index + 1) * KEY_BYTES),
    rollingStartIntervalNumber: keys.rollingStart[index] as number,
    rollingPeriod: keys.rollingPeriod[index] as number,
    transmissionRiskLevel: keys.transmissionRiskLevel[index] as number,
    reportType: keys.reportType[index] as number,
    ...(onset !== NO_ONSET && { daysSinceOnsetOfSymptoms: onset }),
  };
}

type Columns = Omit<PublishedKeys, "length">;

function columnsFor(capacity: number): Columns {
  return {
    keyData: new Uint8Array(capacity * KEY_BYTES),
    rollingStart: new Uint32Array(capacity),
    rollingPeriod: new Uint8Array(capacity),
    transmissionRiskLevel: new Uint8Array(capacity),
    reportType: new Uint8Array(capacity),
    daysSinceOnset: new Int16Array(capacity),
  };
}

function enlarged(columns: Columns, capacity: number): Columns {
  const target = columnsFor(capacity);
  target.keyData.set(columns.keyData);
  target.rollingStart.set(columns.rollingStart);
  target.rollingPeriod.set(columns.rollingPeriod);
  target.transmissionRiskLevel.set(columns.transmissionRiskLevel);
  target.reportType.set(columns.reportType);
  target.daysSinceOnset.set(columns.daysSinceOnset);
  return target;
}

function inByte(value: number): number {
  return value >= 0 && value < 255 ? value : 255;
}
