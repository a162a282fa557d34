/**
 * A radio that counts what goes over it.
 *
 * @module
 */
import type { TokenRadio } from "../../companion/token/gatt-link.ts";

/** Headers in bytes: of a write or a notification, of the answer to a write (attribute protocol); of L2CAP. */
const ATT_HEADER = 3;
const WRITE_ANSWER = 1;
const L2CAP_HEADER = 4;

/** What went over a radio. */
export class Meter {
  writes = 0;
  notifications = 0;
  /** Bytes of all values that were written or notified. */
  values = 0;

  /** Bytes of the attribute protocol, either way; what the MTU limits. */
  get attributeBytes(): number {
    return (
      this.values + (this.writes + this.notifications) * ATT_HEADER + this.writes * WRITE_ANSWER
    );
  }

  /** The same with L2CAP's headers: what the link layer is given. */
  get linkBytes(): number {
    return this.attributeBytes + (2 * this.writes + this.notifications) * L2CAP_HEADER;
  }
}

/** Counts what goes over a radio's links. */
export function metered(radio: TokenRadio, meter: Meter): TokenRadio {
  return {
    async *links(milliseconds, refused) {
      for await (const link of radio.links(milliseconds, refused)) {
        yield {
          ...link,
          write: (request) => {
            meter.writes++;
            meter.values += request.length;
            return link.write(request);
          },
          onNotification: (handler) =>
            link.onNotification((fragment) => {
              meter.notifications++;
              meter.values += fragment.length;
              handler(fragment);
            }),
        };
      }
    },
  };
}
