/**
 * `saqbol status`.
 *
 * @module
 */
import type { Command } from "commander";
import type { StatusView } from "../desk/desk-api.ts";
import { atDesk } from "./command-desk.ts";
import { partsOf } from "./desk-of.ts";
import { jsonOption } from "./options.ts";
import { adapterOption, cardOption, readCard, type TokenValues } from "./token-options.ts";

const STATES: Readonly<Record<StatusView["state"], string>> = {
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
      const card = await readCard(options);
      const status = await atDesk(partsOf(options.adapter), options.json === true, (desk) =>
        desk.begin({ card }),
      );
      console.log(options.json ? JSON.stringify(inJson(status)) : inWords(status));
    });
}

function inJson({ logEmpty: _, lastCheck, exposure, ...status }: StatusView): object {
  const { level, date, minutes, attenuationDb, acknowledged } = exposure;
  return {
    ...status,
    exposure: {
      level,
      date,
      durationMinutes: minutes,
      attenuationDb,
      checked: checkedAt(lastCheck),
      acknowledged,
    },
  };
}

function inWords(status: StatusView): string {
  const { level, date, minutes, acknowledged } = status.exposure;
  return [
    `Contact detection: ${STATES[status.state]}`,
    `Battery: ${status.batteryPercent} %${status.batteryLow ? ", change it now" : ""}`,
    `Clock: ${clockInWords(status)}`,
    `Log: ${logInWords(status)}`,
    `Last check: ${checkedAt(status.lastCheck) ?? "never"}`,
    level === "none"
      ? "Exposure: none known"
      : `Exposure: risk ${level}, ${date}, ${minutes} minutes${acknowledged ? ", the wearer knows" : ""}`,
  ].join("\n");
}

function clockInWords({ clockErrorSeconds, clockDoubtful }: StatusView): string {
  if (clockErrorSeconds === null) return "never set";
  const error = `${Math.abs(clockErrorSeconds)} s ${clockErrorSeconds < 0 ? "slow" : "fast"}`;
  return clockDoubtful ? `lost with the battery, ${error}` : error;
}

function logInWords({ logFull, logEmpty }: StatusView): string {
  if (logFull) return "was full, so that meetings of the least risk were left out";
  return logEmpty ? "empty" : "has room";
}

const checkedAt = (lastCheck: number | null): string | null =>
  lastCheck === null ? null : new Date(lastCheck * 1000).toISOString();
