/**
 * The seconds after which a server wants to be asked again: its header `Retry-After`, in seconds or as
 * an HTTP date (RFC 9110, section 10.2.3). exposure-notifications-verification-server writes the date
 * with `UTC` for `GMT` (Go's RFC 1123).
 *
 * @param now - Unix seconds; without it a date says nothing
 * @returns at least 0; undefined when there is none that can be read
 */
export function retryAfterSeconds(headers: Headers, now?: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(value)) return Number(value);
  if (
    now === undefined ||
    !/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|UTC)$/.test(value)
  ) {
    return undefined;
  }
  const date = Date.parse(value) / 1000;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
