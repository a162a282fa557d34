/**
 * The desk that settings make.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { BluetoothRadio } from "../bluetooth/bluetooth-radio.ts";
import { CurrentExports } from "../desk/current-exports.ts";
import { Desk, type DeskParts } from "../desk/desk.ts";
import type { DeskHost } from "../desk/desk-host.ts";
import { inThreads } from "../matching/threads-finder.ts";
import type { Settings } from "../settings/settings.ts";
import { readTexts } from "../texts/texts.ts";
import { systemTimers } from "../timers.ts";
import { exportCacheOf } from "./export-cache-options.ts";
import { deskClient } from "./options.ts";
import { riskModelIn } from "./risk-option.ts";
import { systemTime } from "./token-options.ts";

/** What settings say of a desk. */
export type SettledParts = Omit<DeskParts, "chaff" | "lockAfterSeconds">;

/**
 * A desk with this computer's Bluetooth and the servers of the settings, for a day's work.
 *
 * @param adapter - see {@link BluetoothRadio.open}
 * @param lockAfterSeconds - without anybody at it, after which it is locked
 * @throws Failure `server-address-invalid`, `file-unreadable`, `risk-configuration-malformed`, `texts-invalid`
 */
export function deskOf(
  adapter: string | undefined,
  settings: Settings,
  lockAfterSeconds: number,
): DeskHost {
  return new Desk({
    ...partsOf(adapter, settings),
    chaff: settings.publish?.chaffPerDay !== undefined,
    lockAfterSeconds,
  });
}

/** What settings say of a desk; none of it is for a desk that only talks to tokens. @throws Failure as {@link deskOf} */
export function partsOf(adapter: string | undefined, settings?: Settings): SettledParts {
  const { verification, publish, testResultsUrl } = settings ?? {};
  return {
    exports: settings?.exports.length
      ? new CurrentExports(exportCacheOf(settings), systemTime)
      : undefined,
    openServers: (onPause) => deskClient(settings, onPause),
    testResults: testResultsUrl !== undefined,
    publishing: verification && publish ? verification.token : null,
    model: riskModelIn(settings?.riskConfig),
    openFinder: inThreads,
    texts: readTexts(settings?.texts),
    openRadio: () => BluetoothRadio.open(adapter),
    linkTimers: systemTimers,
    timers: systemTimers,
    now: systemTime,
    random: randomBytes,
    demonstration: false,
  };
}
