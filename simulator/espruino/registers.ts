/**
 * Registers of the nRF52832 that firmware reaches with `peek32` and `poke32`, and what hangs on them. The SoftDevice owns
 * them while it runs, so only the callback of `NRF.restart` may touch them.
 *
 * @module
 */

/** Why the chip was reset last; ones that are written clear their bits (nRF52832 Product Specification 1.1, "POWER"). */
export const RESETREAS = 0x40000400;
/** Bit of RESETREAS: by the watchdog. */
export const BY_WATCHDOG = 2;
/** Kept over resets; Espruino leaves a mark there, without which alone it switches the converter on. */
export const GPREGRET = 0x4000051c;
/** Espruino's mark (`targets/nrf5x/bluetooth.c`, ble_stack_init). */
const MARK = 0xdc;

/** See the module's description. */
export class Registers {
  /** Whether the converter (DC/DC) is on. */
  hasConverter = false;

  readonly #values = new Map<number, number>();
  #isOpen = false;

  /** Everything is lost, and the SoftDevice starts. */
  powerOn(): void {
    this.#values.set(RESETREAS, 0).set(GPREGRET, 0);
    this.#startSoftDevice();
  }

  /** The chip starts anew, and the SoftDevice with it. */
  resetByWatchdog(): void {
    this.#values.set(RESETREAS, (this.#values.get(RESETREAS) as number) | BY_WATCHDOG);
    this.hasConverter = false;
    this.#startSoftDevice();
  }

  /** Runs what `NRF.restart` was given while the SoftDevice is off, and starts it again. */
  whileOpen(callback?: () => void): void {
    this.#isOpen = true;
    try {
      callback?.();
    } finally {
      this.#isOpen = false;
      this.#startSoftDevice();
    }
  }

  /** `peek32` */
  read(address: number): number {
    return this.#value(address);
  }

  /** `poke32` */
  write(address: number, value: number): void {
    const before = this.#value(address);
    this.#values.set(address, address === RESETREAS ? before & ~value : value);
  }

  #value(address: number): number {
    const value = this.#values.get(address);
    const name = `0x${address.toString(16)}`;
    if (value === undefined) throw new Error(`The simulated chip has no register ${name}`);
    if (!this.#isOpen) throw new Error(`The SoftDevice owns the register ${name} while it runs`);
    return value;
  }

  // It sets bits only, so that the mark stays until somebody clears it.
  #startSoftDevice(): void {
    if (this.#values.get(GPREGRET) === MARK) return;
    this.#values.set(GPREGRET, MARK);
    this.hasConverter = true;
  }
}
