/** The state of a coin cell by its voltage, counted as Espruino counts it on a Puck.js. */

const EMPTY_VOLTS = 2.2;
const FULL_VOLTS = 2.8;

export function battery(): number {
  const percent = ((NRF.getBattery() - EMPTY_VOLTS) * 100) / (FULL_VOLTS - EMPTY_VOLTS);
  return Math.max(0, Math.min(100, percent)) | 0;
}
