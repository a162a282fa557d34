/**
 * How a response travels in notifications that may be lost without notice: each frame starts with
 * the message's tag and the frame's number, whose top bit marks the last frame. Requests fit into
 * one write and travel bare.
 *
 * @module
 */

/** Bytes that a frame adds. */
const FRAME_HEADER = 2;
/** Set in the number of a message's last frame. */
export const LAST_FRAME = 0x80;

/** Frame `number` (0..127) of a message, for notifications of at most `size` bytes. */
export function frameOf(message: Uint8Array, number: number, size: number): Uint8Array {
  const body = size - FRAME_HEADER;
  // Espruino's subarray does not stop at the end of the array by itself.
  const end = Math.min(message.length, (number + 1) * body);
  const part = message.subarray(number * body, end);
  const frame = new Uint8Array(part.length + FRAME_HEADER);
  frame[0] = message[1];
  frame[1] = end === message.length ? number | LAST_FRAME : number;
  frame.set(part, FRAME_HEADER);
  return frame;
}

/** Puts frames back together. */
export interface Assembler {
  /** Takes a frame; returns the message once it is whole, else undefined. Never throws. */
  accept(frame: Uint8Array): Uint8Array | undefined;
}

/**
 * Makes an {@link Assembler} for the one message with `tag`. Frames of other messages are ignored, so are
 * repeated ones; a message longer than `limit` bytes never becomes whole.
 */
export function createAssembler(tag: number, limit: number): Assembler {
  const parts: Uint8Array[] = [];
  let count = -1;
  return {
    accept: (frame) => {
      if (frame.length <= FRAME_HEADER || frame[0] !== tag) return undefined;
      const number = frame[1] & ~LAST_FRAME;
      if (frame[1] & LAST_FRAME) count = number + 1;
      parts[number] = frame.slice(FRAME_HEADER);
      let length = 0;
      for (let i = 0; i < count; i++) {
        if (!parts[i]) return undefined;
        length += parts[i].length;
      }
      if (count < 0 || length > limit) return undefined;
      const message = new Uint8Array(length);
      let at = 0;
      for (let i = 0; i < count; i++) {
        message.set(parts[i], at);
        at += parts[i].length;
      }
      return message;
    },
  };
}
