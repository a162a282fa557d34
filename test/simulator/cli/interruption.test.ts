import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { INTERRUPTED, untilInterrupted } from "../../../simulator/cli/interruption.ts";

let said: string[] = [];
let code: typeof process.exitCode;

beforeEach(() => {
  said = [];
  code = process.exitCode;
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = code;
});

const interrupt = (): void => {
  process.emit("SIGINT");
};

test("what was not interrupted comes to its end, and nobody listens for Ctrl-C any more", async () => {
  const before = process.listenerCount("SIGINT");
  const result = await untilInterrupted("Ending.", async ({ aborted }) => {
    expect(process.listenerCount("SIGINT")).toBe(before + 1);
    return aborted;
  });
  expect([result, said, process.exitCode]).toEqual([false, [], code]);
  expect(process.listenerCount("SIGINT")).toBe(before);
  await expect(untilInterrupted("Ending.", () => Promise.reject(new Error("no")))).rejects.toThrow(
    "no",
  );
  expect(process.listenerCount("SIGINT")).toBe(before);
});

test("Ctrl-C is told of, aborts, and the result comes all the same; the exit code says so", async () => {
  const result = await untilInterrupted("Ending.", async (signal) => {
    interrupt();
    return `partial, ${signal.aborted}`;
  });
  expect(result).toBe("partial, true");
  expect(said).toEqual(["\nEnding.\n"]);
  expect(process.exitCode).toBe(INTERRUPTED);
});

test("pressed again, it ends the program", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => {
    throw new Error("ended");
  });
  await untilInterrupted("Ending.", async () => {
    interrupt();
    expect(exit).not.toHaveBeenCalled();
    expect(interrupt).toThrow("ended");
  });
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
  expect(said).toHaveLength(1);
});
