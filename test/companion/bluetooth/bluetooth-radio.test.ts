import { EventEmitter } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BluetoothRadio } from "../../../companion/bluetooth/bluetooth-radio.ts";

/** An adapter that is on, and starts scanning when it is told to. */
class Adapter extends EventEmitter {
  readonly state = "poweredOn";
  isScanning = false;
  started = (): void => {};

  startScanningAsync(): Promise<void> {
    return new Promise((resolve) => {
      this.started = () => {
        this.isScanning = true;
        resolve();
      };
    });
  }

  async stopScanningAsync(): Promise<void> {
    this.isScanning = false;
  }

  stop(): void {}
}

let adapter: Adapter;

vi.mock("@stoprocent/noble", () => ({
  withBindings: () => {
    setImmediate(() => adapter.emit("stateChange", adapter.state));
    return adapter;
  },
}));

beforeEach(() => {
  adapter = new Adapter();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each(["before", "after"])(
  "a search that is ended %s scanning has started stops listening at once",
  async (when) => {
    const radio = await BluetoothRadio.open();
    vi.useFakeTimers();
    const end = new AbortController();
    const next = radio.links(30_000, new Set(), end.signal).next();
    await vi.advanceTimersByTimeAsync(0);
    if (when === "before") end.abort();
    adapter.started();
    await vi.advanceTimersByTimeAsync(0);
    end.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect([adapter.isScanning, vi.getTimerCount()]).toEqual([false, 0]);
    expect(await next).toEqual({ done: true, value: undefined });
  },
);

test("listening ends with a failure when the adapter goes away", async () => {
  const radio = await BluetoothRadio.open();
  const listening = radio.listen(() => {}, Number.POSITIVE_INFINITY, new AbortController().signal);
  await new Promise((resolve) => setImmediate(resolve));
  adapter.started();
  adapter.emit("stateChange", "poweredOff");
  await expect(listening).rejects.toMatchObject({ code: "bluetooth-off" });
  expect([adapter.isScanning, adapter.listenerCount("discover")]).toEqual([false, 0]);
});
