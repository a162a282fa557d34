/**
 * The messages between desk and token, and the one codec for both ends.
 *
 * A request is `type, tag, fields`; its response is `type | 0x80, tag, fields` with the same tag (0..255, of the
 * desk's choice). A refusal is `0xff, tag, reason`.
 * Fields are unsigned and little-endian; a layout such as `"14*"` names them: one byte, four bytes,
 * then all that follows as bytes.
 *
 * @module
 */

/** Request types. */
export const STATUS = 1;
export const SET_CLOCK = 2;
export const READ_ENCOUNTERS = 3;
export const READ_KEYS = 4;
export const WRITE_EXPOSURE = 5;
export const SET_STATE = 6;
export const ERASE = 7;

/** Set in the type of a response. */
export const RESPONSE = 0x80;
/** Type of a refusal. */
export const REFUSED = 0xff;

/** Reasons for a refusal. */
export const BAD_REQUEST = 1;
/** The new clock is too far from the token's. */
export const CLOCK_REFUSED = 2;
/** Keys were asked for, but the wearer's consent to publish is not recorded on the token. */
export const NO_CONSENT = 3;
/** There is no such position in the log. */
export const NO_SUCH_POSITION = 4;
/** Contact detection cannot be switched on before the clock has been set. */
export const NO_CLOCK = 5;
/** Flash did not take the change; nothing was changed, but an erasure may be half done. */
export const FLASH_FAILED = 6;

/** States of a provisioned token: without consent, at work, and paused by its wearer. */
export const OFF = 0;
export const ON = 1;
export const PAUSED = 2;

/**
 * Consent bit: the wearer agreed that the keys be read and published. The token withdraws it by
 * itself when the sync window closes.
 */
export const CONSENT_PUBLISH = 1;

/** Status bit: the log was full, so that encounters of the least risk were left out. */
export const FLAG_LOG_FULL = 1;
/** Status bit: the battery lasts about two weeks at most. */
export const FLAG_LOW_BATTERY = 2;

/** `time` in Unix seconds; time zone in quarters of an hour ahead of UTC, plus {@link ZONE_OFFSET}. */
export const SET_CLOCK_LAYOUT = "41";
/** Added to a time zone so that it is never negative. */
export const ZONE_OFFSET = 48;
/** The time zone furthest ahead, UTC+14, with its offset. */
export const LAST_ZONE = 104;
/** `position`. */
export const READ_ENCOUNTERS_LAYOUT = "4";
/** `position` of the first record, position to go on from, records. */
export const ENCOUNTERS_LAYOUT = "44*";
/** {@link KEYS_BYTES} of keys. */
export const KEYS_LAYOUT = "*";
/** `state`, consent bits. */
export const SET_STATE_LAYOUT = "11";
/** {@link ERASE_CONFIRMATION}, so that no stray byte erases a token. */
export const ERASE_LAYOUT = "4";
/** Refusal: `reason`. */
export const REFUSED_LAYOUT = "1";
/** `level`, `day`, `minutes`, `attenuation`, `checked`, `acknowledged`; see {@link EXPOSURE_BYTES}. */
export const EXPOSURE_LAYOUT = "122141";
/**
 * Consent bits, flags, how many calls of radio and flash failed since the token was started (255: so many or more), battery
 * in percent, time in Unix seconds, first position of the log, end of the
 * log (first position without a record); what follows is a copy of the token's stored state.
 */
export const STATUS_HEAD_LAYOUT = "1111444";
/**
 * {@link STATUS_HEAD_LAYOUT}, then last interval used, `state`, clock epoch, whether the clock is
 * guessed (0 or 1), time zone, exposure status as in {@link EXPOSURE_LAYOUT}, how the latest epochs
 * began, see {@link EPOCH_BYTES}, and how often the watchdog has restarted the token (255: so often or more).
 */
export const STATUS_LAYOUT = "111144441111122141*";

/** What {@link ERASE_LAYOUT} must hold: "GONE" in ASCII, little-endian. */
export const ERASE_CONFIRMATION = 0x454e4f47;

/**
 * A key: the interval behind its last one (uint32) and the 16-byte TEK; zeros when there is none. It begins with the UTC day
 * of its last interval, and ends with that day unless it was cut short.
 */
export const KEY_BYTES = 20;
/**
 * Keys of 15 days and one that was cut short: always as many, so that the length of a response tells nothing. At most two
 * begin with the same day.
 */
export const KEYS_BYTES = 16 * KEY_BYTES;

/**
 * The exposure status: level (0 none, 1 low, 2 high), UTC day of the latest exposure (days since
 * 1970, 0 without one), its minutes, its mean attenuation in dB, interval of the check, and 1 once a desk
 * has seen that the wearer knows, so that the token need not remind any more.
 */
export const EXPOSURE_BYTES = 11;

/**
 * How a clock epoch began: by the new clock in Unix seconds (uint32), and by how many seconds (int32) the
 * clock was moved then; {@link GUESSED} after a power loss, when nobody knows. Epoch e has entry e mod
 * {@link EPOCHS_KEPT}.
 */
export const EPOCH_BYTES = 8;
/** How many epochs are kept, the current one among them. */
export const EPOCHS_KEPT = 8;
export const EPOCHS_BYTES = EPOCHS_KEPT * EPOCH_BYTES;
/** The clock was guessed (uint32). */
export const GUESSED = 0x80000000;

/** Exposure levels. */
export const LEVEL_NONE = 0;
export const LEVEL_LOW = 1;
export const LEVEL_HIGH = 2;

/** The longest message in bytes: what the token can hold comfortably and a link carries quickly. */
export const MAX_MESSAGE = 350;

/** What {@link encode} and {@link decode} throw, as `Error` with this name. */
export const CODEC_ERROR = "CodecError";

/** "0" in ASCII. */
const DIGIT_0 = 48;

// Not a subclass: Espruino cannot extend Error. One text for all, because each takes flash of a token.
function codecError(): Error {
  const error = new Error("malformed");
  error.name = CODEC_ERROR;
  return error;
}

/**
 * Encodes a message: `type`, `tag`, then the fields that `layout` names.
 *
 * @param rest - the bytes for a `*` in the layout
 * @throws CodecError when a value does not fit its field, or there is none for it
 */
export function encode(
  type: number,
  tag: number,
  layout: string,
  values: readonly number[],
  rest?: Uint8Array,
): Uint8Array {
  const bytes: number[] = [type, tag];
  for (let i = 0; i < layout.length && layout.charAt(i) !== "*"; i++) {
    let value = values[i];
    for (let size = layout.charCodeAt(i) - DIGIT_0; size > 0; size--) {
      bytes.push(value & 255);
      value = Math.floor(value / 256);
    }
    // Neither too large, nor negative, nor a fraction.
    if (value !== 0 || values[i] % 1 !== 0) throw codecError();
  }
  const message = new Uint8Array(bytes.length + (rest ? rest.length : 0));
  message.set(bytes);
  if (rest) message.set(rest, bytes.length);
  return message;
}

/**
 * Decodes the fields of a message, which start after its type and tag, in the order of the layout.
 * What stands for a `*` is given by {@link restOf}.
 *
 * @throws CodecError when the message is shorter or longer than the layout, and nothing else
 */
export function decode(layout: string, message: Uint8Array): number[] {
  const values: number[] = [];
  let at = 2;
  for (let i = 0; i < layout.length; i++) {
    if (layout.charAt(i) === "*") return values;
    const end = at + (layout.charCodeAt(i) - DIGIT_0);
    if (end > message.length) throw codecError();
    let value = 0;
    for (let j = end - 1; j >= at; j--) value = value * 256 + message[j];
    values.push(value);
    at = end;
  }
  if (message.length !== at) throw codecError();
  return values;
}

/** What follows the fields in a message that {@link decode} has accepted: the bytes for a `*`. */
export function restOf(layout: string, message: Uint8Array): Uint8Array {
  let at = 2;
  for (const size of layout.replace("*", "")) at += +size;
  return message.subarray(at);
}
