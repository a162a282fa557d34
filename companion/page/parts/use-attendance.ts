import { useEffect, useRef } from "preact/hooks";
import { stir } from "../desk-client.ts";

const STIR_MILLISECONDS = 20_000;
const IDLE_MILLISECONDS = 5 * 60_000;
const SIGNS_OF_LIFE = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/**
 * Tells the desk that somebody is there, at most every 20 seconds.
 *
 * @param onIdle - called when nobody has been there for five minutes, so that what was typed and not sent does not stay either
 */
export function useAttendance(onIdle: () => void): void {
  const idle = useRef(onIdle);
  idle.current = onIdle;
  useEffect(() => {
    let stirredAt = Number.NEGATIVE_INFINITY;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const notice = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => idle.current(), IDLE_MILLISECONDS);
      if (performance.now() - stirredAt < STIR_MILLISECONDS) return;
      stirredAt = performance.now();
      stir();
    };
    for (const sign of SIGNS_OF_LIFE) {
      window.addEventListener(sign, notice, { capture: true, passive: true });
    }
    return () => {
      clearTimeout(timer);
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, notice, { capture: true });
    };
  }, []);
}
