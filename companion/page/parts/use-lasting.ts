import { useEffect, useState } from "preact/hooks";

// What is over sooner would only flash up.
const LASTING_MILLISECONDS = 250;

/** Whether something has gone on for long enough to be worth a screen of its own. */
export function useLasting(isGoingOn: boolean): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!isGoingOn) {
      setLasting(false);
      return;
    }
    const timer = setTimeout(() => setLasting(true), LASTING_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [isGoingOn]);
  return isGoingOn && isLasting;
}
