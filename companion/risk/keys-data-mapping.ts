/**
 * What a model makes of the data that were published with a key. Source: Exposure Notifications API,
 * `DiagnosisKeysDataMapping`.
 *
 * @module
 */
import {
  EXPRESS_INFECTIOUSNESS,
  type Infectiousness,
  type InfectiousnessTable,
  infectiousnessOf,
  unpackInfectiousness,
} from "./infectiousness.ts";

/** 1 confirmed test, 2 clinical diagnosis, 3 self-report, 4 recursive. */
export type ReportType = 1 | 2 | 3 | 4;

/** How published data are read. */
export interface KeysDataMapping {
  readonly infectiousness: InfectiousnessTable;
  /** In place of a report type that was not published. */
  readonly reportTypeWhenMissing: ReportType;
  /** Reports that count. Revoked ones and those of unknown type never do. */
  readonly reportTypes: readonly ReportType[];
}

/** What is known of a key beside the key itself. */
export interface KeyReport {
  /** As published; 0 if absent. */
  readonly reportType: number;
  /** Day of the key minus day of the first symptoms. */
  readonly daysSinceOnsetOfSymptoms: number | undefined;
}

/** The same as a model takes it. */
export interface MappedReport {
  readonly reportType: ReportType;
  readonly infectiousness: Infectiousness;
}

/** The defaults of Exposure Notifications Express; recursive reports do not count. */
export const EXPRESS_KEYS: KeysDataMapping = {
  infectiousness: unpackInfectiousness(EXPRESS_INFECTIOUSNESS)!,
  reportTypeWhenMissing: 3,
  reportTypes: [1, 2, 3],
};

/** What a model takes of a report; undefined when it does not count, or its day was not infectious. */
export function mapReport(report: KeyReport, mapping: KeysDataMapping): MappedReport | undefined {
  const given = report.reportType === 0 ? mapping.reportTypeWhenMissing : report.reportType;
  const reportType = mapping.reportTypes.find((type) => type === given);
  const infectiousness = infectiousnessOf(report.daysSinceOnsetOfSymptoms, mapping.infectiousness);
  return reportType && infectiousness ? { reportType, infectiousness } : undefined;
}
