import { createHmac, timingSafeEqual } from "node:crypto";

/** A key exactly as it stands in a publish request. */
export interface SentKey {
  /** Base64 as sent; its text, not its bytes, enters the HMAC. */
  readonly key: string;
  readonly rollingStartNumber: number;
  readonly rollingPeriod: number;
  readonly transmissionRisk: number;
}

/**
 * Whether an HMAC (base64) binds exactly these keys: HMAC-SHA-256 under the device's secret over
 * `key.start.period.risk` segments, sorted by bytes and joined with commas. The risk may be left out
 * when all are 0 (exposure-notifications-server,
 * docs/design/verification_protocol.md, "HMAC Calculation").
 */
export function matchesEkeyhmac(
  hmac: string,
  keys: readonly SentKey[],
  secret: Uint8Array,
): boolean {
  const candidates = [ekeyhmac(keys, secret, true)];
  if (keys.every((key) => key.transmissionRisk === 0)) {
    candidates.push(ekeyhmac(keys, secret, false));
  }
  const given = Buffer.from(hmac, "base64");
  return candidates.some(
    (candidate) => candidate.length === given.length && timingSafeEqual(candidate, given),
  );
}

/** The HMAC itself, 32 bytes, with or without the transmission risks. */
export function ekeyhmac(keys: readonly SentKey[], secret: Uint8Array, withRisk: boolean): Buffer {
  const segments = keys.map((key) => {
    const segment = `${key.key}.${key.rollingStartNumber}.${key.rollingPeriod}`;
    return Buffer.from(withRisk ? `${segment}.${key.transmissionRisk}` : segment);
  });
  segments.sort(Buffer.compare);
  return createHmac("sha256", secret).update(segments.join(",")).digest();
}
