/**
 * What the token does on a desk's requests, see `protocol/messages.ts`.
 *
 * @module
 */
import { readUint32 } from "../protocol/encounter-record.ts";
import {
  BAD_REQUEST,
  CONSENT_PUBLISH,
  ENCOUNTERS_LAYOUT,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_BYTES,
  EXPOSURE_LAYOUT,
  encode,
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
import type { Answer, Duty } from "./sync.ts";
import type { Wearer } from "./wearer.ts";

const DONE: Answer = ["", []];

/** The duties by request type. */
export function createDuties(
  board: Board,
  store: StateStore,
  clock: Clock,
  keys: Keys,
  log: EncounterLog,
  wearer: Wearer,
): Record<number, Duty> {
  const duties: Record<number, Duty> = {};

  duties[STATUS] = {
    layout: "",
    answer: () => {
      const image = store.image;
      const doubtful = !clock.isSet() || image[DOUBTFUL];
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
    },
  };

  duties[SET_CLOCK] = {
    layout: SET_CLOCK_LAYOUT,
    answer: (values) => {
      const epoch = store.image[EPOCH];
      const refused = clock.set(values[0]);
      if (refused) return refused;
      // After a small correction the identifier on air may stay.
      if (store.image[EPOCH] !== epoch) wearer.resume();
      return DONE;
    },
  };

  duties[READ_ENCOUNTERS] = {
    layout: READ_ENCOUNTERS_LAYOUT,
    answer: (values) => {
      const part = log.read(values[0]);
      if (!part) return NO_SUCH_POSITION;
      return [ENCOUNTERS_LAYOUT, [part.position, part.next], part.bytes];
    },
  };

  duties[READ_KEYS] = {
    layout: "",
    answer: () => {
      if (!(wearer.consent() & CONSENT_PUBLISH)) return NO_CONSENT;
      return [KEYS_LAYOUT, [], keys.publishable(clock.interval())];
    },
  };

  duties[WRITE_EXPOSURE] = {
    layout: EXPOSURE_LAYOUT,
    answer: (values) => {
      if (values[0] > LEVEL_HIGH) return BAD_REQUEST;
      const message = encode(0, 0, EXPOSURE_LAYOUT, values);
      return wearer.setExposure(message.subarray(2, 2 + EXPOSURE_BYTES)) || DONE;
    },
  };

  duties[SET_STATE] = {
    layout: SET_STATE_LAYOUT,
    answer: (values) => {
      if (values[0] > ON || values[1] > CONSENT_PUBLISH) return BAD_REQUEST;
      return wearer.setState(values[0], values[1]) || DONE;
    },
  };

  duties[ERASE] = {
    layout: ERASE_LAYOUT,
    answer: (values) => (values[0] === ERASE_CONFIRMATION ? wearer.erase() || DONE : BAD_REQUEST),
  };

  return duties;
}
