/**
 * Time-outs for what a Bluetooth stack may never answer.
 *
 * @module
 */

/** What {@link within} rejects with. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
}

/** Settles as `work` does; rejects with a {@link DeadlineError} when that takes longer than so many milliseconds. */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DeadlineError("no answer in time")), milliseconds);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
