/**
 * @module
 */
import type { Findings, Found } from "../../findings/findings.ts";
import type { Figure } from "../figure.ts";
import { count, countOf, isKnown, percent } from "../numbers.ts";
import { capital } from "../words.ts";

interface Subject {
  readonly id: string;
  readonly heading: string;
  /** What is counted, and by what it is divided into classes. */
  readonly contacts: string;
  readonly by: string;
  readonly unit: string;
  /** A class up to here has no end. */
  readonly endless: number;
}

/** Which share of contacts is found, by how long they lasted. */
export function recallByDuration({ recallByDuration: classes }: Findings): Figure {
  return recallFigure(classes, {
    id: "duration",
    heading: "Contacts found, by duration",
    contacts: "contacts of 5 minutes or more",
    by: "duration",
    unit: "min",
    // Contacts are cut at midnight.
    endless: 24 * 60,
  });
}

/** Which share of contacts is found, by how near they were. */
export function recallByDistance({ recallByDistance: classes }: Findings): Figure {
  return recallFigure(classes, {
    id: "distance",
    heading: "Contacts found, by distance",
    contacts: "contacts of 10 minutes or more",
    by: "mean distance",
    unit: "m",
    endless: Infinity,
  });
}

function recallFigure(classes: readonly Found[], subject: Subject): Figure {
  const { id, heading, contacts, by } = subject;
  const filled = classes.filter((each) => each.contacts > 0);
  if (!filled.length) return { id, heading, says: `There were no ${contacts}.` };
  const all = sum(filled.map((each) => each.contacts));
  const found = sum(filled.map((each) => each.found));
  const least = filled.reduce((worst, each) => (share(each) < share(worst) ? each : worst));
  const says = `Of ${count(all)} ${contacts}, ${count(found)} were found (${percent(found / all)}).`;
  const lowest = `The lowest share is ${percent(share(least))}, at a ${by} of ${className(least, subject)}.`;
  return {
    id,
    heading,
    says: filled.length > 1 ? `${says} ${lowest}` : says,
    chart: {
      label: `Bar chart of the share of contacts found in ${countOf(filled.length, "class", "classes")} of ${by}`,
      drawing: {
        kind: "shares",
        classes: filled.map((each) => ({
          name: className(each, subject),
          share: share(each),
          written: `${percent(share(each))} of ${count(each.contacts)}`,
        })),
      },
    },
    table: {
      caption: `Contacts found by ${by}`,
      columns: [capital(by), "Contacts", "Found", "Share"],
      rows: filled.map((each) => [
        className(each, subject),
        count(each.contacts),
        count(each.found),
        percent(share(each)),
      ]),
    },
  };
}

// What has no end is null in JSON.
function className({ from, to }: Found, { unit, endless }: Subject): string {
  return isKnown(to) && to < endless
    ? `${from} to ${to}\u00a0${unit}`
    : `${from}\u00a0${unit} or more`;
}

const share = ({ contacts, found }: Found): number => found / contacts;
const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
