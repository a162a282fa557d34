/**
 * `saqbol status`.
 *
 * @module
 */
import type { Command } from "commander";
import { intervalStart } from "../../protocol/intervals.ts";
import { dateOfDay } from "../risk/date-of-day.ts";
import type { TokenState, TokenStatus } from "../token/token-client.ts";
import { jsonOption } from "./options.ts";
import {
  adapterOption,
  cardOption,
  readCard,
  systemTime,
  type TokenValues,
  withToken,
} from "./token-options.ts";

const LEVELS = ["none", "low", "high"] as const;
const STATES: Readonly<Record<TokenState, string>> = {
  off: "off: the wearer has not agreed to contact detection",
  on: "on",
  paused: "paused by the wearer",
};

/** Adds the command. */
export function addStatus(program: Command): void {
  program
    .command("status")
    .description("read a token's state")
    .addOption(cardOption())
    .addOption(adapterOption())
    .addOption(jsonOption())
    .action(async (options: TokenValues & { json?: true }) => {
      const key = await readCard(options);
      const [status, now] = await withToken(
        key,
        options.adapter,
        async (client) => [await client.status(), systemTime()] as const,
      );
      console.log(options.json ? JSON.stringify(inJson(status, now)) : inWords(status, now));
    });
}

function inJson(status: TokenStatus, now: number): object {
  const { exposure } = status;
  return {
    state: status.state,
    batteryPercent: status.battery,
    batteryLow: status.batteryLow,
    clockSet: status.lastInterval > 0,
    clockDoubtful: status.clockDoubtful,
    clockErrorSeconds: status.lastInterval ? Math.round(status.time - now) : null,
    logFull: status.logFull,
    exposure: {
      level: LEVELS[exposure.level],
      date: exposure.day ? dateOfDay(exposure.day) : null,
      durationMinutes: exposure.minutes,
      attenuationDb: exposure.attenuationDb,
      checked: checkedAt(exposure.checkedInterval),
      acknowledged: exposure.acknowledged,
    },
  };
}

function inWords(status: TokenStatus, now: number): string {
  const { exposure } = status;
  const checked = checkedAt(exposure.checkedInterval);
  return [
    `Contact detection: ${STATES[status.state]}`,
    `Battery: ${status.battery} %${status.batteryLow ? ", change it now" : ""}`,
    `Clock: ${clockInWords(status, now)}`,
    `Log: ${logInWords(status)}`,
    `Last check: ${checked ?? "never"}`,
    exposure.level
      ? `Exposure: risk ${LEVELS[exposure.level]}, ${dateOfDay(exposure.day)}, ${exposure.minutes} minutes${exposure.acknowledged ? ", the wearer knows" : ""}`
      : "Exposure: none known",
  ].join("\n");
}

function clockInWords(status: TokenStatus, now: number): string {
  if (!status.lastInterval) return "never set";
  const seconds = Math.round(status.time - now);
  const error = `${Math.abs(seconds)} s ${seconds < 0 ? "slow" : "fast"}`;
  return status.clockDoubtful ? `lost with the battery, ${error}` : error;
}

function logInWords(status: TokenStatus): string {
  if (status.logFull) return "was full, so that meetings of the least risk were left out";
  return status.logEnd > status.logStart ? "has room" : "empty";
}

const checkedAt = (interval: number): string | null =>
  interval ? new Date(intervalStart(interval) * 1000).toISOString() : null;
