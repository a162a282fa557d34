/**
 * What each board draws, as published. Currents are microamperes on top of a sleeping board, charges microcoulombs.
 *
 * Sources, by the names that the docstrings below use:
 * - *Puck.js*, *Bangle.js 2*: "Power Consumption" on the boards' pages, https://www.espruino.com/Puck.js
 *   and https://www.espruino.com/Bangle.js2 (as of June 2026; each figure there is the
 *   board's whole current, so that sleeping is subtracted here).
 * - *nRF52832*: Nordic, nRF52832 Product Specification 1.1, "Power and clock management": 6.5 mA while receiving at
 *   1 Mbit/s with its crystal oscillator. Its data sheet's first page says 5.4 mA for the receiver alone. Both with DC/DC.
 * - *nRF52840*: Nordic, nRF52840 Product Specification 1.11, "NVMC".
 * - *GD25Q64E*: GigaDevice, data sheet of the Bangle.js 2's flash, typical values.
 *
 * `docs/energy.md` says what was chosen where they disagree.
 *
 * @module
 */
import type { BoardName } from "../../protocol/flash-layout.ts";
import { type ChipPower, NRF52832 } from "./chip-power.ts";

/** Bluetooth's advDelay in milliseconds: 0 to 10, so 5 on average. */
export const MEAN_ADVERTISING_DELAY = 5;
/** The advertising interval in milliseconds for which Espruino publishes currents. */
const PUBLISHED_INTERVAL = 375;

/** What flash takes while the processor waits for it. */
export interface FlashPower {
  /** µA. */
  readonly current: number;
  /** Milliseconds for each write, for each word of 4 bytes of it, and for each page erased. */
  readonly write: number;
  readonly word: number;
  readonly erase: number;
}

/** What a board draws. All are µA, and on top of {@link BoardPower.sleeping}, unless they say otherwise. */
export interface BoardPower {
  readonly sleeping: number;
  /** A button that is watched, while the radio is silent and while it sends. */
  readonly button: number;
  readonly buttonOnAir: number;
  /** µC for each packet that is sent (on all three channels), and for one that can be answered, too. */
  readonly packet: number;
  readonly connectablePacket: number;
  /** Listening without pause. */
  readonly scanning: number;
  /** A connection in use, and one in which nothing was sent for a minute. */
  readonly link: number;
  readonly idleLink: number;
  /** JavaScript that runs. */
  readonly script: number;
  /** Each light. */
  readonly light: number;
  readonly motor: number;
  /** A watch that is unlocked: touch screen and backlight. */
  readonly unlocked: number;
  /** µC for each time that the screen is drawn. */
  readonly screen: number;
  readonly flash: FlashPower;
  /** Its chip, where radio and processor are the greatest part of what it draws; otherwise only what is published is known. */
  readonly chip: ChipPower | undefined;
  /** What its battery is called in a sentence. */
  readonly cell: string;
  /** mAh of it. */
  readonly battery: number;
  /** The part of it that is lost in a year without any use. */
  readonly selfDischarge: number;
}

/** Charge of one packet in µC, from the µA of sending one each {@link PUBLISHED_INTERVAL}. */
const perPacket = (current: number): number =>
  (current * (PUBLISHED_INTERVAL + MEAN_ADVERTISING_DELAY)) / 1000;

const PUCKJS: BoardPower = {
  /** Puck.js: "not doing anything", 3 µA. */
  sleeping: 3,
  /** Puck.js: 12 µA with the button watched, and 27 instead of 22 µA when it advertises as well. */
  button: 12 - 3,
  buttonOnAir: 27 - 22,
  /** Puck.js: 22 µA at 375 ms, 0 dBm, neither connectable nor scannable. 7.2 µC: 6.6 µA at 2,000 ms ("under 10"). */
  packet: perPacket(22 - 3),
  /** Puck.js: 40 µA at 375 ms, connectable. */
  connectablePacket: perPacket(40 - 3),
  /** Puck.js: 12 mA with `NRF.findDevices`. Conservative: see nRF52832 above. */
  scanning: 12_000,
  /** Puck.js: 600 µA, and 32 µA after a minute. */
  link: 600 - 3,
  idleLink: 32 - 3,
  /** Puck.js: 4 mA. */
  script: 4000 - 3,
  /** Puck.js: 1 to 2 mA. */
  light: 1500,
  motor: 0,
  unlocked: 0,
  screen: 0,
  flash: {
    /** None is published; Espruino waits with its processor running. */
    current: 4000 - 3,
    write: 0,
    /** nRF52840: tWRITE 41 µs. */
    word: 0.041,
    /** Zephyr, `soc/nordic/nrf52/soc.h`: at most 89.7 ms (FLASH_PAGE_ERASE_MAX_TIME_US); nRF52840: tERASEPAGE 85 ms. */
    erase: 89.7,
  },
  chip: NRF52832,
  cell: "CR2032",
  /** CR2032: 220 mAh at such loads (Texas Instruments, SWRA349: pulses of 15 to 30 mA cost 9 % of it at most). */
  battery: 220,
  /** CR2032: about 1 % a year. */
  selfDischarge: 0.01,
};

const BANGLEJS2: BoardPower = {
  /** Bangle.js 2: idle, with its accelerometer at 12.5 Hz, 0.3 mA (0.15 mA when it has not been moved for two minutes). */
  sleeping: 300,
  button: 0,
  buttonOnAir: 0,
  /** Not published for this board: the Puck.js's. */
  packet: PUCKJS.packet,
  connectablePacket: PUCKJS.connectablePacket,
  scanning: PUCKJS.scanning,
  /** Bangle.js 2: 0.75 mA; idle is the Puck.js's. */
  link: 750 - 300,
  idleLink: PUCKJS.idleLink,
  /** Bangle.js 2: 4 mA. */
  script: 4000 - 300,
  light: 0,
  /** Not published: what coin motors of 8 to 10 mm take at 3 V (SparkFun ROB-08449: 80 mA). */
  motor: 80_000,
  /** Bangle.js 2: 2.8 mA unlocked, and 17 mA with backlight. */
  unlocked: 2800 - 300 + 17_000 - 300,
  /** Bangle.js 2: 0.5 instead of 0.3 mA with a clock that is drawn each second. */
  screen: 500 - 300,
  /** GD25Q64E: 15 mA, 0.5 ms for each write of up to 256 bytes, 45 ms for each sector. */
  flash: { current: 15_000, write: 0.5, word: 0, erase: 45 },
  chip: undefined,
  cell: "battery",
  /** Bangle.js 2: 175 mAh. */
  battery: 175,
  /** It is charged long before that matters. */
  selfDischarge: 0,
};

/** What each board draws. */
export const BOARD_POWER: Readonly<Record<BoardName, BoardPower>> = {
  puckjs: PUCKJS,
  banglejs2: BANGLEJS2,
};
