import { createHmac } from "node:crypto";

/** A key as it stands in a publish request. */
export interface RequestKey {
  /** 16 bytes in standard, padded base64. */
  readonly key: string;
  /** First interval (ENIN). */
  readonly rollingStartNumber: number;
  /** 1..144 intervals. */
  readonly rollingPeriod: number;
  /** 0..8; left out of the HMAC if absent, which is allowed only when it is 0 for all keys. */
  readonly transmissionRisk?: number;
}

/**
 * The HMAC that binds a certificate to keys: HMAC-SHA-256 under a random secret over
 * `key.start.period.risk` segments, sorted by bytes and joined with commas
 * (exposure-notifications-server, docs/design/verification_protocol.md, "HMAC Calculation").
 *
 * @param secret at least 16 bytes, sent to the key server as `hmacKey`
 * @returns 32 bytes in standard, padded base64
 */
export function ekeyhmac(keys: readonly RequestKey[], secret: Uint8Array): string {
  const segments = keys.map(({ key, rollingStartNumber, rollingPeriod, transmissionRisk }) => {
    const segment = `${key}.${rollingStartNumber}.${rollingPeriod}`;
    return transmissionRisk === undefined ? segment : `${segment}.${transmissionRisk}`;
  });
  // All ASCII, so that the default order by UTF-16 units is the order of bytes.
  segments.sort();
  return createHmac("sha256", secret).update(segments.join(",")).digest("base64");
}
