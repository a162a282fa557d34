/**
 * Ctrl-C during something long.
 *
 * @module
 */

/** Exit code of a program that was interrupted: 128 and the number of the signal. */
export const INTERRUPTED = 130;

/**
 * Does something long, which Ctrl-C brings to an early end; pressed again, it ends the program at once.
 *
 * @param saying - what is told at the first time
 */
export async function untilInterrupted<T>(
  saying: string,
  action: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write(`\n${saying}\n`);
    process.exitCode = INTERRUPTED;
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  try {
    return await action(controller.signal);
  } finally {
    process.off("SIGINT", interrupt);
  }
}
