/**
 * The button of a Bangle.js 2. The watch is locked between presses, since its touch screen takes more power than all of
 * the token does; then a press unlocks it, and Espruino keeps the press itself to itself.
 */
import { after } from "./system.ts";

/** A bounce is shorter, and Espruino's watchdog, which a held button leaves alone, longer. */
const POLL_MILLISECONDS = 100;

export function onButton(action: (pressed: boolean) => void): void {
  function poll(): void {
    E.kickWatchdog();
    if (BTN.read()) {
      after(poll, POLL_MILLISECONDS);
    } else {
      Bangle.setLocked(true);
      action(false);
    }
  }
  // A held button would start the watch anew.
  Bangle.setOptions({ btnLoadTimeout: 0, wakeOnTwist: false });
  Bangle.on("lock", (isLocked) => {
    if (isLocked) return;
    action(true);
    after(poll, POLL_MILLISECONDS);
  });
  Bangle.setLocked(true);
}
