/** Report types as certificates name them (verification protocol, "Claims"). */
export const REPORT_TYPES = ["confirmed", "likely", "negative", "user-report"] as const;
export type ReportTypeName = (typeof REPORT_TYPES)[number];

/** Report types as export files number them (Exposure Key export file format, "ReportType"). */
export const ReportType = {
  confirmedTest: 1,
  confirmedClinicalDiagnosis: 2,
  selfReport: 3,
  revoked: 5,
} as const;
export type ReportType = (typeof ReportType)[keyof typeof ReportType];

/** How a certificate's report type is exported; a negative report revokes an earlier one. */
export const EXPORTED_AS: Record<ReportTypeName, ReportType> = {
  confirmed: ReportType.confirmedTest,
  likely: ReportType.confirmedClinicalDiagnosis,
  "user-report": ReportType.selfReport,
  negative: ReportType.revoked,
};

/** Transmission risk that is entered where a key came with 0 (TransmissionRisk constants, api/v1). */
export const DEFAULT_RISK: Record<ReportTypeName, number> = {
  confirmed: 2,
  likely: 4,
  negative: 6,
  "user-report": 0,
};

/** What a key that was published as one type may be revised to. */
export const REVISABLE_TO: Partial<Record<ReportType, readonly ReportType[]>> = {
  [ReportType.confirmedClinicalDiagnosis]: [ReportType.confirmedTest, ReportType.revoked],
  [ReportType.selfReport]: [
    ReportType.confirmedTest,
    ReportType.confirmedClinicalDiagnosis,
    ReportType.revoked,
  ],
};
