/**
 * What a desk can ask of a token, see `protocol/messages.ts`.
 *
 * @module
 */
import { RECORD_BYTES } from "../../protocol/encounter-record.ts";
import { dayStart } from "../../protocol/intervals.ts";
import {
  CODEC_ERROR,
  CONSENT_PUBLISH,
  decode,
  ENCOUNTERS_LAYOUT,
  EPOCH_BYTES,
  EPOCHS_BYTES,
  EPOCHS_KEPT,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_LAYOUT,
  encode,
  FLAG_LOG_FULL,
  FLAG_LOW_BATTERY,
  GUESSED,
  KEY_BYTES,
  KEYS_LAYOUT,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  READ_KEYS,
  REFUSED,
  REFUSED_LAYOUT,
  RESPONSE,
  restOf,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  STATUS_LAYOUT,
  WRITE_EXPOSURE,
  ZONE_OFFSET,
} from "../../protocol/messages.ts";
import { Failure } from "../failure.ts";
import { refusalOf } from "./refusals.ts";

// In the order of the protocol's numbers.
const STATES: readonly TokenState[] = ["off", "on", "paused"];
const ZONE_MINUTES = 15;

/** What a wearer is told about exposures, as the token keeps it. */
export interface ExposureStatus {
  /** 0 none, 1 low, 2 high. */
  readonly level: number;
  /** UTC day of the most recent exposure in days since 1970; 0 when there is none. */
  readonly day: number;
  /** Minutes of exposure on that day. */
  readonly minutes: number;
  /** Mean attenuation on that day in dB. */
  readonly attenuationDb: number;
  /** Interval of the check. */
  readonly checkedInterval: number;
  /** Whether a desk has seen that the wearer knows; until then the token reminds. */
  readonly acknowledged: boolean;
}

/** How a clock epoch of a token began. */
export interface EpochStart {
  /** By the new clock, in Unix seconds; 0 when the token does not know any more. */
  readonly time: number;
  /** By how many seconds the clock was moved; undefined after a power loss, when it was guessed. */
  readonly moved: number | undefined;
}

/** What the wearer has decided: no consent, contact detection on, or paused. */
export type TokenState = "off" | "on" | "paused";

/** What a token counts, it counts no further. */
export const MANY = 255;

/** State of a token. */
export interface TokenStatus {
  readonly state: TokenState;
  /** Whether consent to publish the keys is recorded. */
  readonly publishConsent: boolean;
  /** Whether encounters of the least risk had to be left out because the log was full. */
  readonly logFull: boolean;
  /** Whether the clock was never set, or was guessed after a power loss. */
  readonly clockDoubtful: boolean;
  readonly clockEpoch: number;
  /** How the current epoch began, and those before it, the current one first. */
  readonly epochs: readonly EpochStart[];
  /** In percent. */
  readonly battery: number;
  /** Whether the battery lasts about two weeks at most. */
  readonly batteryLow: boolean;
  /** How many calls of its radio and flash failed since it was started; {@link MANY}: so many or more. */
  readonly failures: number;
  /** How often its watchdog has restarted it, since it was flashed or erased; {@link MANY}: so often or more. */
  readonly restarts: number;
  /** The token's clock in Unix seconds. */
  readonly time: number;
  /** Last interval in which it broadcast; 0 when its clock was never set. */
  readonly lastInterval: number;
  /** Position of the first record of the log, and position behind the last. */
  readonly logStart: number;
  readonly logEnd: number;
  readonly exposure: ExposureStatus;
}

/** One of the token's own temporary exposure keys. */
export interface TokenKey {
  /** TEK, 16 bytes. */
  readonly keyData: Uint8Array;
  /** First interval of a UTC day; two keys may have the same. */
  readonly rollingStartIntervalNumber: number;
  /** How many intervals it was used for, 1..144. */
  readonly rollingPeriod: number;
}

/** What carries requests to a token and brings its responses. */
export interface Channel {
  /**
   * Sends a request and waits for its response.
   *
   * @param make - gives the request; called again when it has to be sent once more on another connection
   * @throws Failure
   */
  request(make: () => Uint8Array): Promise<Uint8Array>;
  /** Ends the connection. */
  close(): void;
}

interface Response {
  readonly values: readonly number[];
  /** What stands for a `*` in the layout. */
  readonly rest: Uint8Array;
}

/** Talks to one token; its failures are the channel's and the token's refusals. */
export class TokenClient {
  readonly #channel: Channel;
  #tag = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Reads the state. */
  async status(): Promise<TokenStatus> {
    const { values, rest } = await this.#request(STATUS, "", () => [], STATUS_LAYOUT);
    const restarts = rest[EPOCHS_BYTES];
    if (restarts === undefined) throw unintelligible();
    const at = (index: number): number => values[index] as number;
    return {
      state: STATES[at(8)] ?? "off",
      publishConsent: (at(0) & CONSENT_PUBLISH) !== 0,
      logFull: (at(1) & FLAG_LOG_FULL) !== 0,
      clockDoubtful: at(7) === 0 || at(10) !== 0,
      clockEpoch: at(9),
      epochs: epochsOf(rest, at(9)),
      battery: at(3),
      batteryLow: (at(1) & FLAG_LOW_BATTERY) !== 0,
      failures: at(2),
      restarts,
      time: at(4),
      lastInterval: at(7),
      logStart: at(5),
      logEnd: at(6),
      exposure: {
        level: at(12),
        day: at(13),
        minutes: at(14),
        attenuationDb: at(15),
        checkedInterval: at(16),
        acknowledged: at(17) !== 0,
      },
    };
  }

  /**
   * Sets the clock, and this computer's time zone, for what should be quiet at night; fails with `clock-refused` when it
   * is too far from the token's.
   *
   * @param now - the desk's time in Unix seconds, asked again when the connection was lost meanwhile
   */
  async setClock(now: () => number): Promise<void> {
    const values = (): number[] => {
      const time = now();
      const zone = -new Date(time * 1000).getTimezoneOffset() / ZONE_MINUTES + ZONE_OFFSET;
      return [Math.floor(time), zone];
    };
    await this.#request(SET_CLOCK, SET_CLOCK_LAYOUT, values, "");
  }

  /**
   * Reads the log from its start, as raw 12-byte records.
   *
   * @param progress - called with the records read so far and in all
   * @param status - if it was just read
   */
  async readLog(
    progress?: (read: number, all: number) => void,
    status?: TokenStatus,
  ): Promise<Uint8Array> {
    const { logStart, logEnd } = status ?? (await this.status());
    const parts: Uint8Array[] = [];
    for (let position = logStart; position < logEnd; ) {
      const asked = position;
      const response = await this.#request(
        READ_ENCOUNTERS,
        READ_ENCOUNTERS_LAYOUT,
        () => [asked],
        ENCOUNTERS_LAYOUT,
      );
      const [first = 0, next = 0] = response.values;
      if (next <= position) {
        throw new Failure(
          "log-incomplete",
          "The token's log cannot be read to its end, so that the check would miss meetings; start the visit again, and replace the token if it fails again.",
        );
      }
      // At the end it is filled up with zeros; behind a gap in the positions some of them stay, and decode to nothing.
      parts.push(response.rest.subarray(0, (next - first) * RECORD_BYTES));
      position = next;
      progress?.(Math.min(position, logEnd) - logStart, logEnd - logStart);
    }
    return Buffer.concat(parts);
  }

  /**
   * Reads the keys that may be published; fails with `consent-missing` without consent. Today's is among them, cut short
   * to what it was used for until now; the token goes on with another one, whose start is the same.
   */
  async readKeys(): Promise<TokenKey[]> {
    const { rest } = await this.#request(READ_KEYS, "", () => [], KEYS_LAYOUT);
    const view = new DataView(rest.buffer, rest.byteOffset, rest.byteLength);
    const keys: TokenKey[] = [];
    for (let at = 0; at + KEY_BYTES <= rest.length; at += KEY_BYTES) {
      const end = view.getUint32(at, true);
      if (!end) continue;
      const start = dayStart(end - 1);
      keys.push({
        keyData: rest.slice(at + 4, at + KEY_BYTES),
        rollingStartIntervalNumber: start,
        rollingPeriod: end - start,
      });
    }
    return keys;
  }

  /** Replaces the exposure status, which the token then signals. */
  async writeExposure(status: ExposureStatus): Promise<void> {
    const { level, day, minutes, attenuationDb, checkedInterval, acknowledged } = status;
    const whole = Math.min(0xffff, minutes);
    const values = [level, day, whole, attenuationDb, checkedInterval, acknowledged ? 1 : 0];
    await this.#request(WRITE_EXPOSURE, EXPOSURE_LAYOUT, () => values, "");
  }

  /** Switches contact detection and records or withdraws consent to publish. */
  async setState(state: TokenState, publishConsent: boolean): Promise<void> {
    const values = [STATES.indexOf(state), publishConsent ? CONSENT_PUBLISH : 0];
    await this.#request(SET_STATE, SET_STATE_LAYOUT, () => values, "");
  }

  /**
   * Erases keys, log and exposure status, and switches the token off; fails with `erase-incomplete`
   * when flash failed on the way.
   */
  async erase(): Promise<void> {
    try {
      await this.#request(ERASE, ERASE_LAYOUT, () => [ERASE_CONFIRMATION], "");
    } catch (error) {
      if (!(error instanceof Failure && error.code === "flash-failed")) throw error;
      throw new Failure(
        "erase-incomplete",
        "The token could not be erased completely, so that some of its data may still be there; try again, and destroy the token if it fails again.",
      );
    }
  }

  /** Ends the connection. */
  close(): void {
    this.#channel.close();
  }

  async #request(
    type: number,
    layout: string,
    values: () => number[],
    responseLayout: string,
  ): Promise<Response> {
    this.#tag = (this.#tag + 1) & 255;
    const tag = this.#tag;
    const response = await this.#channel.request(() => encode(type, tag, layout, values()));
    try {
      if (response[0] === REFUSED) {
        throw refusalOf(decode(REFUSED_LAYOUT, response)[0] as number);
      }
      if (response[0] !== (type | RESPONSE)) throw unintelligible();
      const fields = decode(responseLayout, response);
      return { values: fields, rest: restOf(responseLayout, response) };
    } catch (error) {
      throw (error as Error).name === CODEC_ERROR ? unintelligible() : error;
    }
  }
}

function unintelligible(): Failure {
  return new Failure(
    "token-unintelligible",
    "The token answered something that this version does not understand; update the companion or the token.",
  );
}

// The token keeps the latest epochs in turn, each with its number's place.
function epochsOf(bytes: Uint8Array, current: number): EpochStart[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: EPOCHS_KEPT }, (_, ago) => {
    const at = ((current - ago) & (EPOCHS_KEPT - 1)) * EPOCH_BYTES;
    const moved = view.getUint32(at + 4, true);
    return { time: view.getUint32(at, true), moved: moved === GUESSED ? undefined : moved | 0 };
  });
}
