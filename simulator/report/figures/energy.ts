/**
 * @module
 */
import { CAUSES, type Cause } from "../../energy/account.ts";
import { ACCOUNT_NAMES } from "../../findings/account-names.ts";
import type { Findings } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { charge, interval, isKnown, milliampereHours, percent } from "../numbers.ts";

const NAMES: Readonly<Record<Cause, string>> = {
  advertising: "advertising",
  scanning: "scanning",
  cpu: "processor",
  flash: "flash",
  signals: "signals",
  sync: "visits to a desk",
  sleep: "sleep",
};

/** What a token's charge goes into. */
export function energy({ energy, seeds }: Findings): Figure {
  const { account, accounts, causes, total } = energy;
  const id = "energy";
  const heading = "Energy by cause";
  const parts = CAUSES.filter((cause) => isKnown(causes[cause].mean) && causes[cause].mean > 0)
    .map((cause) => ({ cause, ...causes[cause] }))
    .sort((a, b) => b.mean - a.mean);
  const [largest] = parts;
  if (!largest || !(total.mean > 0)) {
    return { id, heading, says: "No token was on long enough to account for its charge." };
  }
  const other = account === "chip" ? "published" : "chip";
  const shareOf = (mean: number): string => percent(mean / total.mean);
  return {
    id,
    heading,
    says:
      `A token takes ${milliampereHours(total.mean)} a day, the mean over wearers; ${shareOf(largest.mean)} of it goes into ${NAMES[largest.cause]}. ` +
      `That is by ${ACCOUNT_NAMES[account]}; by ${ACCOUNT_NAMES[other]} it is ${milliampereHours(accounts[other].total.mean)}.`,
    chart: {
      label: "Stacked bar of charge a day by cause",
      drawing: {
        kind: "stack",
        x: "mAh a day",
        parts: parts.map(({ cause, mean }) => ({
          colour: `cause-${cause}`,
          amount: mean,
          written: NAMES[cause],
        })),
      },
      legend: parts.map(({ cause, mean }) => ({
        colour: `cause-${cause}`,
        name: `${NAMES[cause]}: ${milliampereHours(mean)}, ${shareOf(mean)}`,
      })),
    },
    table: {
      caption: "Charge a day by cause",
      columns: ["Cause", "mAh a day", "95 % interval", "Share", `By ${ACCOUNT_NAMES[other]}`],
      rows: [
        ...parts.map(({ cause, ...each }) => [
          NAMES[cause],
          charge(each.mean),
          interval(each, seeds.length, charge),
          shareOf(each.mean),
          charge(accounts[other].causes[cause].mean),
        ]),
        [
          "all",
          charge(total.mean),
          interval(total, seeds.length, charge),
          percent(1),
          charge(accounts[other].total.mean),
        ],
      ],
    },
  };
}
