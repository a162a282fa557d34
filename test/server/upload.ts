import { ekeyhmac, type RequestKey } from "../../companion/servers/ekeyhmac.ts";
import { type Pilot, type Reply, seededRandom, TODAY } from "./pilot.ts";

export const HMAC_KEY = new Uint8Array(32).fill(7);

/** A key of a whole past day, `days` before today; the label decides its bytes. */
export function dayKey(days: number, label = "wearer"): RequestKey {
  return {
    key: Buffer.from(seededRandom(`${label} ${days}`)(16)).toString("base64"),
    rollingStartNumber: TODAY - 144 * days,
    rollingPeriod: 144,
    transmissionRisk: 0,
  };
}

/** A certificate for these keys. */
export async function certify(
  pilot: Pilot,
  token: string,
  keys: readonly RequestKey[],
): Promise<string> {
  const reply = await pilot.post("/api/certificate", { token, ekeyhmac: ekeyhmac(keys, HMAC_KEY) });
  return reply.json.certificate;
}

/** The body of a publish call that is right in all respects. */
export function publishBody(certificate: string, keys: readonly RequestKey[]) {
  return {
    temporaryExposureKeys: keys,
    healthAuthorityID: "kz.saqbol",
    verificationPayload: certificate,
    hmacKey: Buffer.from(HMAC_KEY).toString("base64"),
    padding: "x".repeat(1200),
  };
}

let codes = 0;

/** Publishes keys for a new positive test; `extra` changes the body. */
export async function publish(
  pilot: Pilot,
  keys: readonly RequestKey[],
  extra: Record<string, unknown> = {},
): Promise<Reply> {
  const code = String(5_000_000_000 + codes++);
  const certificate = await certify(pilot, await pilot.positive(code), keys);
  return pilot.post("/v1/publish", { ...publishBody(certificate, keys), ...extra });
}

/** A certificate of this report type for these keys, through an issued code. */
export async function certifyReport(
  pilot: Pilot,
  testType: string,
  keys: readonly RequestKey[],
  dates: Record<string, string> = {},
): Promise<string> {
  const token = await pilot.verified(testType, dates);
  const body = { token, ekeyhmac: ekeyhmac(keys, HMAC_KEY) };
  return (await pilot.device("certificate", body)).json.certificate;
}

/** Publishes keys with a code of this report type; `extra` changes the body. */
export async function publishReport(
  pilot: Pilot,
  testType: string,
  keys: readonly RequestKey[],
  extra: Record<string, unknown> = {},
): Promise<Reply> {
  const certificate = await certifyReport(pilot, testType, keys);
  return pilot.post("/v1/publish", { ...publishBody(certificate, keys), ...extra });
}
