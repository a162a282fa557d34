/**
 * What an nRF52832 draws at 3 V with its converter (DC/DC), as a Puck.js has it.
 *
 * Sources, by the names that are used below:
 * - *Power*: nRF52832 Product Specification 1.1, "Power and clock management", electrical specification: whole currents, with
 *   what runs besides. Its radio chapter and the first page of the data sheet have 5.3 and 5.4 mA for the radio alone.
 * - *Data sheet*: its first page.
 *
 * @module
 */

/** Currents in µA. */
export interface ChipPower {
  /** Power, "Current consumption: Radio": IRADIO_TX0, 0 dBm at 1 Mbit/s with the crystal oscillator, 7.1 mA. */
  readonly sending: number;
  /** The same: IRADIO_RX0, 6.5 mA. */
  readonly receiving: number;
  /**
   * While the radio starts: 78 % of a sender's, which is what the receiver's start takes of its run in the nRF5340's tables
   * (ISTART,RX 2.1 of IRX 2.7 mA); the page at hand has no figure for the nRF52832.
   */
  readonly starting: number;
  /** Data sheet: 58 µA/MHz from flash, at 64 MHz. */
  readonly computing: number;
  /** Data sheet: 1.9 µA in System ON, woken by the RTC, and 0.3 µA for all 64 kB of RAM (0.7 instead of 0.4 µA in System OFF). */
  readonly sleeping: number;
}

/** See the module's description. */
export const NRF52832: ChipPower = {
  sending: 7100,
  receiving: 6500,
  starting: 0.78 * 7100,
  computing: 58 * 64,
  sleeping: 1.9 + 0.3,
};
