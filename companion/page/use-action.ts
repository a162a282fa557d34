import { useState } from "preact/hooks";
import type { ActionName, DeskView, FailureView } from "../desk/desk-api.ts";

/** An action that a screen offers. */
export interface ActionRun {
  /** Runs it; whether it succeeded. What failed is in the desk's view; when the desk does not answer, the whole page says so. */
  readonly run: (action: () => Promise<unknown>) => Promise<boolean>;
  /** The code of what the last one failed with; null when it did not, and once it was dismissed. */
  readonly failure: string | null;
  readonly dismiss: () => void;
}

/** Actions of some names, one after another. */
export function useAction({ failure }: DeskView, ...names: readonly ActionName[]): ActionRun {
  const [dismissed, setDismissed] = useState<FailureView | null>(null);
  const isShown = failure && names.includes(failure.action) && !isSame(failure, dismissed);
  return {
    failure: isShown ? failure.code : null,
    dismiss: () => setDismissed(failure),
    run: async (action) => {
      setDismissed(null);
      try {
        await action();
        return true;
      } catch {
        return false;
      }
    },
  };
}

// Each event of the desk brings the same failure as another object.
function isSame(one: FailureView, other: FailureView | null): boolean {
  return one.action === other?.action && one.code === other.code;
}
