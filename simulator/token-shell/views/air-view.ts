/**
 * What a token sends, checked against its own keys, as a phone would see it that had been given them.
 *
 * @module
 */
import { nodePrimitives } from "../../../companion/matching/node-primitives.ts";
import { dateOfDay } from "../../../companion/risk/date-of-day.ts";
import type { TokenKey } from "../../../companion/token/token-client.ts";
import { dayOf, intervalAt } from "../../../protocol/intervals.ts";
import {
  AEMK_INFO,
  cryptMetadata,
  deriveRpi,
  hkdf16,
  RPIK_INFO,
} from "../../../protocol/key-schedule.ts";
import type { NrfModel } from "../../espruino/nrf.ts";
import { type Beacon, beaconIn } from "../beacon.ts";
import type { StoredState } from "../stored-state.ts";
import { hex, intervalTime } from "../style.ts";

/** Lines of at most 80 characters. @param clock - the token's, in Unix seconds */
export function airLines(
  nrf: NrfModel,
  stored: StoredState | undefined,
  clock: number,
): readonly string[] {
  const air = nrf.onAir();
  if (!air) return ["Nothing is on air."];
  const beacon = beaconIn(air.payload);
  const payload = hex(air.payload);
  return [
    `Address   ${air.address}, random static`,
    `Interval  ${air.interval} ms, ${air.connectable ? "connectable" : "not connectable"}, ${nrf.txPower} dBm`,
    `Payload   ${payload.slice(0, 62)}`,
    ...(beacon ? beaconLines(beacon, stored, clock) : ["          the sync service, for a desk"]),
  ];
}

function beaconLines(
  { rpi, aem }: Beacon,
  stored: StoredState | undefined,
  clock: number,
): string[] {
  const lines = [`RPI       ${hex(rpi)}`, `AEM       ${hex(aem)}`];
  const found = keyOf(rpi, stored, intervalAt(clock));
  if (!found) return [...lines, "          of none of the keys that are in flash"];
  const { key, interval } = found;
  const aemk = hkdf16(nodePrimitives, key.keyData, AEMK_INFO);
  const metadata = cryptMetadata(nodePrimitives, aemk, rpi, aem);
  const [version = 0, power = 0] = metadata;
  return [
    ...lines,
    `Key       of ${dateOfDay(dayOf(key.rollingStartIntervalNumber))}, interval ${interval} (${intervalTime(interval)} UTC)`,
    `Metadata  ${hex(metadata)}: version ${version >> 6}.${(version >> 4) & 3}, ${(power << 24) >> 24} dBm`,
  ];
}

// Identifiers live for 20 minutes at most, and are made when an interval has begun.
function keyOf(
  rpi: Uint8Array,
  stored: StoredState | undefined,
  present: number,
): { key: TokenKey; interval: number } | undefined {
  for (const key of stored?.keys ?? []) {
    const rpik = hkdf16(nodePrimitives, key.keyData, RPIK_INFO);
    for (let interval = present + 1; interval >= present - 2; interval--) {
      if (Buffer.from(rpi).equals(deriveRpi(nodePrimitives, rpik, interval))) {
        return { key, interval };
      }
    }
  }
  return undefined;
}
