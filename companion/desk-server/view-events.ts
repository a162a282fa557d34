/**
 * @module
 */

import type { DeskHost } from "../desk/desk-host.ts";
import type { Timers } from "../timers.ts";

/** Milliseconds between two views at least; what changes meanwhile goes out together. */
const PAUSE = 50;

/** Milliseconds of silence after which a comment shows whether the other end is still there. */
const SILENCE = 20_000;

/**
 * The views of a desk as server events (HTML Standard, section 9.2): the present one at once, then the latest one after each
 * change. It is made when the reader asks for it, so that a slow reader gets fewer views and never an old one.
 *
 * The last event is `end`, after which the page must not come back: somebody else may listen on the port then.
 *
 * @param end - ends the events
 */
export function viewEvents(
  host: DeskHost,
  timers: Timers,
  end: AbortSignal,
): ReadableStream<Uint8Array> {
  const text = new TextEncoder();
  let changed = true;
  let wake = () => {};
  let stopWatching = () => {};
  /** Until then nothing is sent, so that changes gather. */
  let rest = Promise.resolve();

  /** Waits for a change or the end, or for the time. */
  const sleep = async () => {
    const awake = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const cancel = timers.after(SILENCE, wake);
    await awake;
    cancel();
  };
  const pause = (milliseconds: number) =>
    new Promise<void>((resolve) => {
      timers.after(milliseconds, resolve);
    });
  const stop = () => {
    stopWatching();
    end.removeEventListener("abort", stop);
    wake();
  };

  return new ReadableStream<Uint8Array>(
    {
      start: () => {
        stopWatching = host.watch(() => {
          changed = true;
          wake();
        });
        end.addEventListener("abort", stop);
      },
      pull: async (controller) => {
        if (!changed && !end.aborted) await sleep();
        // Never in the midst of the turn that changes things.
        await (changed ? Promise.all([rest, pause(0)]) : undefined);
        if (end.aborted) {
          controller.enqueue(text.encode("event: end\ndata: {}\n\n"));
          return controller.close();
        }
        if (changed) {
          changed = false;
          rest = pause(PAUSE);
          controller.enqueue(text.encode(`event: view\ndata: ${JSON.stringify(host.view)}\n\n`));
        } else {
          controller.enqueue(text.encode(":\n\n"));
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
}
