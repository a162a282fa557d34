/**
 * What kind of fault an error is, such as `SqliteError SQLITE_FULL`. Of the message nothing: it might
 * quote a request or what was stored.
 */
export function faultKind(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error ? `${error.name} ${error.code}` : error.name;
}
