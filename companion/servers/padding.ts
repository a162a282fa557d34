/** Size of every body of the verification calls, as in the Corona-Warn-App. */
const VERIFICATION_BODY_BYTES = 250;

/**
 * Writes a verification call's body, filled up with random characters to one size, so that an
 * observer cannot tell the calls apart by length (cwa-app-android, "requestPadding").
 *
 * @param content ASCII only
 * @param field the name of the field that takes the padding
 */
export function paddedBody(
  content: Readonly<Record<string, string>>,
  field: "padding" | "requestPadding",
  random: (length: number) => Uint8Array,
): string {
  const bare = JSON.stringify({ ...content, [field]: "" });
  const missing = Math.max(0, VERIFICATION_BODY_BYTES - bare.length);
  const characters = Buffer.from(random(missing)).toString("base64url").slice(0, missing);
  return JSON.stringify({ ...content, [field]: characters });
}

/**
 * Padding of a publish call: 1 to 2 kB in base64, so that its length does not show the number of
 * keys (exposure-notifications-server, publish API v1, "padding").
 */
export function publishPadding(random: (length: number) => Uint8Array): string {
  const [high = 0, low = 0] = random(2);
  return Buffer.from(random(1024 + (((high << 8) | low) % 512))).toString("base64");
}
