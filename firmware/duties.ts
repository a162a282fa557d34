/**
 * What the token does on a desk's requests, see `protocol/messages.ts`.
 *
 * @module
 */
import { readUint32 } from "../protocol/encounter-record.ts";
import {
  BAD_REQUEST,
  CONSENT_PUBLISH,
  decode,
  ENCOUNTERS_LAYOUT,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_BYTES,
  EXPOSURE_LAYOUT,
  FLAG_CLOCK_DOUBTFUL,
  FLAG_LOG_FULL,
  KEYS_LAYOUT,
  LEVEL_HIGH,
  NO_CONSENT,
  NO_SUCH_POSITION,
  ON,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  READ_KEYS,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  STATUS_LAYOUT,
  WRITE_EXPOSURE,
} from "../protocol/messages.ts";
import type { Board } from "./board.ts";
import type { Clock } from "./clock.ts";
import type { EncounterLog } from "./encounter-log.ts";
import type { Keys } from "./keys.ts";
import { DOUBTFUL, EPOCH, EXPOSURE, STATE, type StateStore } from "./state-store.ts";
import type { Wearer } from "./wearer.ts";

/** A response's layout and fields, or the reason for a refusal. */
export type Answer =
  | readonly [layout: string, values: readonly number[], rest?: Uint8Array]
  | number;

/**
 * Answers a request.
 *
 * @throws CodecError when the request is malformed
 */
export type Duties = (request: Uint8Array) => Answer;

// One function for all: on the token every function costs variables, called or not.
/** Makes the duties of a token. */
export function createDuties(
  board: Board,
  store: StateStore,
  clock: Clock,
  keys: Keys,
  log: EncounterLog,
  wearer: Wearer,
): Duties {
  function status(): Answer {
    const image = store.image;
    const doubtful = !clock.lastUsed() || image[DOUBTFUL];
    const flags = (log.isFull() ? FLAG_LOG_FULL : 0) | (doubtful ? FLAG_CLOCK_DOUBTFUL : 0);
    const at = EXPOSURE;
    return [
      STATUS_LAYOUT,
      [
        image[STATE],
        wearer.consent(),
        flags,
        image[EPOCH],
        board.battery(),
        Math.floor(board.now()),
        clock.lastUsed(),
        log.first(),
        log.end(),
        image[at],
        image[at + 1] | (image[at + 2] << 8),
        image[at + 3] | (image[at + 4] << 8),
        image[at + 5],
        readUint32(image, at + 6),
      ],
    ];
  }

  return (request) => {
    const type = request[0];
    let refused = BAD_REQUEST;
    if (type === STATUS) {
      decode("", request);
      return status();
    }
    if (type === READ_ENCOUNTERS) {
      const part = log.read(decode(READ_ENCOUNTERS_LAYOUT, request).values[0]);
      return part ? [ENCOUNTERS_LAYOUT, [part.position, part.next], part.bytes] : NO_SUCH_POSITION;
    }
    if (type === READ_KEYS) {
      decode("", request);
      if (!(wearer.consent() & CONSENT_PUBLISH)) return NO_CONSENT;
      return [KEYS_LAYOUT, [], keys.publishable(clock.interval())];
    }
    if (type === SET_CLOCK) {
      const epoch = store.image[EPOCH];
      refused = clock.set(decode(SET_CLOCK_LAYOUT, request).values[0]);
      // After a small correction the identifier on air may stay.
      if (store.image[EPOCH] !== epoch) wearer.resume();
    } else if (type === WRITE_EXPOSURE) {
      const level = decode(EXPOSURE_LAYOUT, request).values[0];
      if (level <= LEVEL_HIGH)
        refused = wearer.setExposure(request.subarray(2, 2 + EXPOSURE_BYTES));
    } else if (type === SET_STATE) {
      const values = decode(SET_STATE_LAYOUT, request).values;
      if (values[0] <= ON && values[1] <= CONSENT_PUBLISH) {
        refused = wearer.setState(values[0], values[1]);
      }
    } else if (type === ERASE) {
      const confirmed = decode(ERASE_LAYOUT, request).values[0] === ERASE_CONFIRMATION;
      if (confirmed) refused = wearer.erase();
    }
    return refused || ["", []];
  };
}
