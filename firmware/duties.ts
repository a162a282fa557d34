/**
 * What the token does on a desk's requests, see `protocol/messages.ts`.
 *
 * @module
 */
import * as board from "#board";
import {
  BAD_REQUEST,
  CONSENT_PUBLISH,
  decode,
  ERASE,
  ERASE_CONFIRMATION,
  ERASE_LAYOUT,
  EXPOSURE_BYTES,
  EXPOSURE_LAYOUT,
  FLAG_LOG_FULL,
  FLAG_LOW_BATTERY,
  FLASH_FAILED,
  KEYS_LAYOUT,
  LAST_ZONE,
  LEVEL_HIGH,
  NO_CLOCK,
  NO_CONSENT,
  NO_SUCH_POSITION,
  PAUSED,
  READ_ENCOUNTERS,
  READ_ENCOUNTERS_LAYOUT,
  READ_KEYS,
  SET_CLOCK,
  SET_CLOCK_LAYOUT,
  SET_STATE,
  SET_STATE_LAYOUT,
  STATUS,
  STATUS_HEAD_LAYOUT,
  WRITE_EXPOSURE,
} from "../protocol/messages.ts";
import { isDoubtful, present, setClock } from "./clock.ts";
import { hasDropped, logEnd, logStart, readLog } from "./encounter-log.ts";
import { publishableKeys } from "./keys.ts";
import { bytes32, image, KEYS, lastInterval } from "./state-store.ts";
import { battery, consent, erase, resumeSoon, setExposure, setState } from "./wearer.ts";

/** A response's layout, fields and what follows them, or the reason for a refusal. */
export type Answer = Response | number;
type Response = readonly [layout: string, values: readonly number[], rest?: Uint8Array];

function status(): Answer {
  image.set(bytes32(lastInterval));
  return [
    STATUS_HEAD_LAYOUT,
    [
      consent,
      (hasDropped() ? FLAG_LOG_FULL : 0) | (battery <= board.LOW_BATTERY ? FLAG_LOW_BATTERY : 0),
      board.failures,
      battery,
      Math.floor(board.now()),
      logStart(),
      logEnd(),
    ],
    image.subarray(0, KEYS),
  ];
}

// A small correction leaves the identifier on air.
function setClockAndResume(time: number, zone: number): number {
  const before = present();
  const wasSet = lastInterval;
  const refused = zone > LAST_ZONE ? BAD_REQUEST : setClock(time, zone);
  if (!refused && (!wasSet || before !== present())) resumeSoon();
  return refused;
}

// One function for all: on the token every function costs variables, called or not.
/**
 * Answers a request.
 *
 * @throws CodecError when the request is malformed
 */
export function answer(request: Uint8Array): Answer {
  const type = request[0];
  let refused = BAD_REQUEST;
  if (type === STATUS) {
    decode("", request);
    return status();
  }
  if (type === READ_ENCOUNTERS) {
    return readLog(decode(READ_ENCOUNTERS_LAYOUT, request)[0]) || NO_SUCH_POSITION;
  }
  if (type === READ_KEYS) {
    decode("", request);
    if (!(consent & CONSENT_PUBLISH)) return NO_CONSENT;
    // Under a guessed clock nobody knows which keys are over.
    if (isDoubtful()) return NO_CLOCK;
    const keys = publishableKeys(present());
    // What was on air may be derived from a key that is handed out: today's, or yesterday's after midnight.
    resumeSoon();
    return keys ? [KEYS_LAYOUT, [], keys] : FLASH_FAILED;
  }
  if (type === SET_CLOCK) {
    const values = decode(SET_CLOCK_LAYOUT, request);
    refused = setClockAndResume(values[0], values[1]);
  } else if (type === WRITE_EXPOSURE) {
    const values = decode(EXPOSURE_LAYOUT, request);
    if (values[0] <= LEVEL_HIGH && values[5] <= 1) {
      refused = setExposure(request.subarray(2, 2 + EXPOSURE_BYTES));
    }
  } else if (type === SET_STATE) {
    const values = decode(SET_STATE_LAYOUT, request);
    if (values[0] <= PAUSED && values[1] <= CONSENT_PUBLISH) {
      refused = setState(values[0], values[1]);
    }
  } else if (type === ERASE) {
    const confirmed = decode(ERASE_LAYOUT, request)[0] === ERASE_CONFIRMATION;
    if (confirmed) refused = erase();
  }
  return refused || ["", []];
}
