/**
 * The course of a visit: which action follows which.
 *
 * @module
 */
import { useRef, useState } from "preact/hooks";
import type { Activity, DeskView, FailureView, StatusView } from "../desk/desk-api.ts";
import { desk } from "./desk-client.ts";

/** What can be done in a visit. What fails is in the desk's view. */
export interface Visit {
  /** What goes on, also in between two actions that follow each other; null when nothing does. */
  readonly activity: Activity | null;
  /** Begins with a card; checks the token where that is possible. */
  readonly begin: (card: string) => Promise<void>;
  /** Switches the token on, whose wearer has agreed; checks it where that is possible. */
  readonly enrol: () => Promise<void>;
  readonly check: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly acknowledge: () => Promise<void>;
  readonly unlock: (card: string) => Promise<void>;
  readonly finish: () => Promise<void>;
  /** Repeats what failed; null where it cannot be repeated from here. */
  readonly repeat: (failure: FailureView) => (() => Promise<void>) | null;
}

/** The course of the visit that a view shows. */
export function useVisit(view: DeskView | null): Visit {
  const [runs, setRuns] = useState(0);
  const latest = useRef<Activity | null>(null);
  // Kept until the token was read or the visit ends, so that a token out of reach can be looked for again.
  const card = useRef("");

  const run = async (work: () => Promise<unknown>): Promise<void> => {
    latest.current = null;
    setRuns((count) => count + 1);
    try {
      await work();
    } catch {
      // It is in the view; and when the desk does not answer, the whole page says so.
    } finally {
      setRuns((count) => count - 1);
    }
  };
  const checkUnlessOff = async ({ state }: StatusView): Promise<void> => {
    if (state !== "off" && view?.setUp.exports) await desk.check({});
  };

  const begin = (code: string): Promise<void> =>
    run(async () => {
      card.current = code;
      const status = await desk.begin({ card: code });
      card.current = "";
      await checkUnlessOff(status);
    });
  const enrol = (): Promise<void> => run(async () => checkUnlessOff(await desk.enrol({})));
  const check = (): Promise<void> => run(() => desk.check({}));
  const resume = (): Promise<void> => run(() => desk.resume({}));
  const acknowledge = (): Promise<void> => run(() => desk.acknowledge({}));

  if (view?.activity) latest.current = view.activity;
  if (view?.locked) card.current = "";
  return {
    // Between two actions of a run the latest one's last step stays.
    activity: view?.activity ?? (runs ? latest.current : null),
    begin,
    enrol,
    check,
    resume,
    acknowledge,
    unlock: (code) => run(() => desk.unlock({ card: code })),
    finish: () => {
      card.current = "";
      return run(() => desk.finish({}));
    },
    repeat: ({ action }) => {
      const code = card.current;
      if (action === "begin") return code ? () => begin(code) : null;
      const actions = { enrol, check, resume, acknowledge } as const;
      return action in actions ? actions[action as keyof typeof actions] : null;
    },
  };
}
