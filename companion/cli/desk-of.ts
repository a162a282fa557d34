/**
 * The desk that settings make.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { BluetoothRadio } from "../bluetooth/bluetooth-radio.ts";
import { systemTimers } from "../bluetooth/system-timers.ts";
import { CurrentExports } from "../desk/current-exports.ts";
import { Desk } from "../desk/desk.ts";
import type { Language, Texts } from "../desk/desk-api.ts";
import type { DeskHost } from "../desk-server/desk-host.ts";
import { inThreads } from "../matching/threads-finder.ts";
import type { Settings } from "../settings/settings.ts";
import { exportCacheOf } from "./export-cache-options.ts";
import { deskClient } from "./options.ts";
import { riskModelIn } from "./risk-option.ts";
import { systemTime } from "./token-options.ts";

/** Seconds without anybody at a desk, after which it is locked. */
const LOCK_AFTER = 5 * 60;

/** What else a desk is made of. */
export interface DeskOptions {
  /** What the health authority says. */
  readonly texts: (language: Language) => Texts;
  /** Seconds without anybody at it, after which it is locked; five minutes unless told. */
  readonly lockAfterSeconds?: number | undefined;
}

/**
 * A desk with this computer's Bluetooth and the servers of the settings.
 *
 * @param values - `adapter`: see {@link BluetoothRadio.open}
 * @throws Failure `server-address-invalid`, `file-unreadable`, `risk-configuration-malformed`
 */
export function deskOf(
  { adapter }: { readonly adapter?: string },
  settings: Settings,
  { texts, lockAfterSeconds = LOCK_AFTER }: DeskOptions,
): DeskHost {
  const { verification, publish, testResultsUrl } = settings;
  const publishing = verification && publish ? verification.token : null;
  return new Desk({
    exports:
      settings.exports.length > 0
        ? new CurrentExports(exportCacheOf(settings), systemTime)
        : undefined,
    openServers: (onPause) => deskClient(settings, onPause),
    testResults: testResultsUrl !== undefined,
    publishing,
    chaff: publish?.chaffPerDay !== undefined,
    model: riskModelIn(settings.riskConfig),
    openFinder: inThreads,
    texts,
    openRadio: () => BluetoothRadio.open(adapter),
    linkTimers: systemTimers,
    timers: systemTimers,
    now: systemTime,
    random: randomBytes,
    lockAfterSeconds,
    demonstration: false,
  });
}
