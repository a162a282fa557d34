import type { Database } from "./database.ts";

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
  /** Unix seconds, full hours: decides the export batch. */
  readonly createdAt: number;
}

interface Row {
  key_data: Uint8Array;
  rolling_start_interval_number: number;
  rolling_period: number;
  transmission_risk_level: number;
  days_since_onset_of_symptoms: number;
  created_at: number;
}

function fromRow(row: Row): TemporaryExposureKey {
  return {
    keyData: row.key_data,
    rollingStartIntervalNumber: row.rolling_start_interval_number,
    rollingPeriod: row.rolling_period,
    transmissionRiskLevel: row.transmission_risk_level,
    daysSinceOnsetOfSymptoms: row.days_since_onset_of_symptoms,
    createdAt: row.created_at,
  };
}

/** The stored key with these bytes. */
export function findKey(db: Database, keyData: Uint8Array): TemporaryExposureKey | undefined {
  const row = db.get<Row>("SELECT * FROM temporary_exposure_keys WHERE key_data = ?", keyData);
  return row && fromRow(row);
}

/** Stores a key that is not there yet. */
export function insertKey(db: Database, key: TemporaryExposureKey): void {
  db.run(
    "INSERT INTO temporary_exposure_keys VALUES (?, ?, ?, ?, ?, ?)",
    key.keyData,
    key.rollingStartIntervalNumber,
    key.rollingPeriod,
    key.transmissionRiskLevel,
    key.daysSinceOnsetOfSymptoms,
    key.createdAt,
  );
}

/** The keys with start <= createdAt < end, sorted by their bytes so that uploads do not show. */
export function keysCreated(db: Database, start: number, end: number): TemporaryExposureKey[] {
  const rows = db.all<Row>(
    "SELECT * FROM temporary_exposure_keys WHERE created_at >= ? AND created_at < ? ORDER BY key_data",
    start,
    end,
  );
  return rows.map(fromRow);
}
