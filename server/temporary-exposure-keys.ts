import type { Database } from "./database.ts";
import type { ReportType } from "./report-types.ts";

/** A published temporary exposure key (TEK) as the server stores and exports it. */
export interface TemporaryExposureKey {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  /** First interval (ENIN) of the key. */
  readonly rollingStartIntervalNumber: number;
  /** Intervals for which it is valid, 1..144. */
  readonly rollingPeriod: number;
  /** 0..8. */
  readonly transmissionRiskLevel: number;
  /** Day of the key minus day of symptom onset, -14..14. */
  readonly daysSinceOnsetOfSymptoms: number;
  readonly reportType: ReportType;
  /** Unix seconds, full hours: decides the export batch. */
  readonly createdAt: number;
}

/** A stored key, with what it was revised to. */
export interface StoredKey extends TemporaryExposureKey {
  /** Undefined as long as it was not revised. */
  readonly revisedReportType: ReportType | undefined;
}

interface Row {
  key_data: Uint8Array;
  rolling_start_interval_number: number;
  rolling_period: number;
  transmission_risk_level: number;
  days_since_onset_of_symptoms: number;
  report_type: ReportType;
  created_at: number;
}

const KEY_COLUMNS =
  "key_data, rolling_start_interval_number, rolling_period, transmission_risk_level, days_since_onset_of_symptoms, report_type, created_at";

/** The same of the revision, which keeps the transmission risk of the first upload. */
const REVISION_COLUMNS =
  "key_data, rolling_start_interval_number, rolling_period, transmission_risk_level, revised_days_since_onset_of_symptoms AS days_since_onset_of_symptoms, revised_report_type AS report_type, revised_at AS created_at";

function fromRow(row: Row): TemporaryExposureKey {
  return {
    keyData: row.key_data,
    rollingStartIntervalNumber: row.rolling_start_interval_number,
    rollingPeriod: row.rolling_period,
    transmissionRiskLevel: row.transmission_risk_level,
    daysSinceOnsetOfSymptoms: row.days_since_onset_of_symptoms,
    reportType: row.report_type,
    createdAt: row.created_at,
  };
}

/** The stored key with these bytes. */
export function findKey(db: Database, keyData: Uint8Array): StoredKey | undefined {
  const row = db.get<Row & { revised_report_type: ReportType | null }>(
    `SELECT ${KEY_COLUMNS}, revised_report_type FROM temporary_exposure_keys WHERE key_data = ?`,
    keyData,
  );
  return row && { ...fromRow(row), revisedReportType: row.revised_report_type ?? undefined };
}

/** Stores a key that is not there yet. */
export function insertKey(db: Database, key: TemporaryExposureKey): void {
  db.run(
    `INSERT INTO temporary_exposure_keys (${KEY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    key.keyData,
    key.rollingStartIntervalNumber,
    key.rollingPeriod,
    key.transmissionRiskLevel,
    key.daysSinceOnsetOfSymptoms,
    key.reportType,
    key.createdAt,
  );
}

/** Notes how a stored key is revised: its report type, onset days and time of filing. */
export function reviseKey(db: Database, revised: TemporaryExposureKey): void {
  db.run(
    `UPDATE temporary_exposure_keys SET revised_report_type = ?,
       revised_days_since_onset_of_symptoms = ?, revised_at = ? WHERE key_data = ?`,
    revised.reportType,
    revised.daysSinceOnsetOfSymptoms,
    revised.createdAt,
    revised.keyData,
  );
}

/** Which of a batch's keys: those first published in it, or those revised in it. */
export type KeyList = "new" | "revised";

/** How many keys a batch (start <= time of filing < end) has. */
export function countKeys(db: Database, list: KeyList, start: number, end: number): number {
  const column = list === "new" ? "created_at" : "revised_at";
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM temporary_exposure_keys WHERE ${column} >= ? AND ${column} < ?`,
    start,
    end,
  );
  return row!.n;
}

/**
 * The keys of a batch, sorted by their bytes so that uploads do not show. They are read a page at a
 * time: no more than that is in memory, and nothing is locked in between. A finished batch does not
 * change meanwhile.
 *
 * @param pageSize keys in a page
 */
export function* keysOfBatch(
  db: Database,
  list: KeyList,
  start: number,
  end: number,
  pageSize = 2000,
): Generator<TemporaryExposureKey> {
  const [columns, column] =
    list === "new" ? [KEY_COLUMNS, "created_at"] : [REVISION_COLUMNS, "revised_at"];
  // The plus keeps SQLite from sorting the whole batch anew for each page: it walks by key_data.
  const sql = `SELECT ${columns} FROM temporary_exposure_keys
    WHERE key_data > ? AND +${column} >= ? AND +${column} < ? ORDER BY key_data LIMIT ${pageSize}`;
  let last = new Uint8Array();
  for (;;) {
    const rows = db.all<Row>(sql, last, start, end);
    for (const row of rows) yield fromRow(row);
    if (rows.length < pageSize) return;
    last = new Uint8Array(rows.at(-1)!.key_data);
  }
}
