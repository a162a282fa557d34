/**
 * What `saqbol status` prints.
 *
 * @module
 */
import type { StatusView } from "../desk/desk-api.ts";
import { MANY } from "../token/token-client.ts";

const STATES: Readonly<Record<StatusView["state"], string>> = {
  off: "off: the wearer has not agreed to contact detection",
  on: "on",
  paused: "paused by the wearer",
};

/** A token's state for programs. */
export function statusInJson({ logEmpty: _, lastCheck, exposure, ...status }: StatusView): object {
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

/** A token's state, line by line. */
export function statusInWords(status: StatusView): string {
  const { level, date, minutes, acknowledged } = status.exposure;
  const faults = faultsInWords(status);
  return [
    `Contact detection: ${STATES[status.state]}`,
    `Battery: ${status.batteryPercent} %${status.batteryLow ? ", change it now" : ""}`,
    `Clock: ${clockInWords(status)}`,
    `Log: ${logInWords(status)}`,
    ...(faults ? [`Faults: ${faults}`] : []),
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

// Empty when there were none.
function faultsInWords({ failures, restarts }: StatusView): string {
  const found = [
    ...(restarts ? [`restarted itself ${times(restarts)} because it hung`] : []),
    ...(failures ? [`radio or flash failed ${times(failures)} since it was started`] : []),
  ];
  if (!found.length) return "";
  return `${found.join(", ")}; a few do no harm, but exchange the token if there are more at each visit`;
}

function times(count: number): string {
  if (count === 1) return "once";
  return `${count === MANY ? `${MANY} or more` : count} times`;
}

const checkedAt = (lastCheck: number | null): string | null =>
  lastCheck === null ? null : new Date(lastCheck * 1000).toISOString();
