/** What is special about an nRF52832 in Espruino: its SoftDevice, S132, and its power supply. */

import { attempt, silence } from "./radio.ts";

// Product specification: POWER.RESETREAS, in which bit 1 stands for the watchdog, and POWER.GPREGRET.
const RESET_REASONS = 0x40000400;
const WATCHDOG = 2;
const GENERAL_PURPOSE_RETENTION = 0x4000051c;

/** Longer than all that the token does at a time; shorter than what a wearer would miss. */
const WATCHDOG_SECONDS = 600;

// Before anything that can fail, so that it does not stay so.
E.enableWatchdog(WATCHDOG_SECONDS, false);
// Espruino has been on air under the board's own address until here.
silence();
// Over NFC a Puck.js tells every telephone that is held to it its fixed Bluetooth address.
NRF.nfcStop();

export let wasHung = false;
// The SoftDevice keeps these registers to itself while it runs.
attempt(NRF.restart, () => {
  wasHung = !!(peek32(RESET_REASONS) & WATCHDOG);
  // Written ones are cleared.
  poke32(RESET_REASONS, WATCHDOG);
  // What Espruino left there would make it take the DC/DC converter for broken after every reset that is no power-on, and
  // without that the radio draws twice as much.
  poke32(GENERAL_PURPOSE_RETENTION, 0);
});

export const keepAlive = E.kickWatchdog;

export function rest(): void {
  // From here on Espruino itself tells it.
  E.enableWatchdog(WATCHDOG_SECONDS, true);
}

/** What the SoftDevice starts with. */
export const TX_POWER = 0;
/** The connection's MTU is 53, of which 3 bytes are the protocol's. */
export const NOTIFICATION_BYTES = 50;
