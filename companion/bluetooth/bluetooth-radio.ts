/**
 * This computer's Bluetooth, through noble: the system's own on Linux, macOS and Windows, or a dongle that speaks HCI over
 * a serial port.
 *
 * @module
 */
import type { AdapterState, Noble, Peripheral } from "@stoprocent/noble";
import { SYNC_SERVICE } from "../../protocol/service.ts";
import { Failure } from "../failure.ts";
import type { GattLink, TokenRadio } from "../token/gatt-link.ts";
import { hciOptionsOf } from "./adapter-name.ts";
import { type Advertisement, forwardAdvertisements } from "./advertisements.ts";
import { within } from "./deadline.ts";
import { connectTo, type NobleLink, plainUuid } from "./noble-link.ts";

/**
 * How long an adapter may take to start, at the first try and the second: the driver of a serial port overlooks an answer
 * that comes in two pieces.
 */
const START_MILLISECONDS = [3000, 6000];
const SCAN_CALL_MILLISECONDS = 3000;
const END_MILLISECONDS = 3000;
/** How long to listen for other tokens once one was heard: the strongest comes first. */
const GATHER_MILLISECONDS = 300;
/** What a timer can wait at most: some 24 days. */
const LONGEST_MILLISECONDS = 2 ** 31 - 1;
/** noble's for tokens whose sync window is open. */
const SYNC_ONLY = [plainUuid(SYNC_SERVICE)];

/** A token that was heard. */
export interface HeardToken {
  /** See {@link GattLink.id}. */
  readonly id: string;
  /** In dBm. */
  readonly rssi: number;
}

/** Tokens in reach of this computer. */
export class BluetoothRadio implements TokenRadio {
  readonly #noble: Noble;
  readonly #links = new Set<NobleLink>();

  private constructor(noble: Noble) {
    this.#noble = noble;
  }

  /**
   * Switches it on. One at a time, for each adapter.
   *
   * @param adapter - see {@link hciOptionsOf}; undefined for the system's own
   * @throws Failure `bluetooth-missing`, `bluetooth-forbidden`, `bluetooth-off`
   */
  static async open(adapter?: string): Promise<BluetoothRadio> {
    const restoreConsole = muteConsole();
    try {
      return await BluetoothRadio.#start(adapter);
    } finally {
      restoreConsole();
    }
  }

  static async #start(adapter: string | undefined): Promise<BluetoothRadio> {
    let failure: unknown;
    for (const milliseconds of START_MILLISECONDS) {
      const radio = new BluetoothRadio(await load(adapter));
      try {
        await switchedOn(radio.#noble, milliseconds);
        return radio;
      } catch (error) {
        await radio.close();
        failure = error;
        if (!(error instanceof Failure && error.code === "bluetooth-off")) break;
      }
    }
    throw failure;
  }

  async *links(
    milliseconds: number,
    refused: ReadonlySet<string>,
    signal?: AbortSignal,
  ): AsyncGenerator<GattLink, void> {
    const end = performance.now() + milliseconds;
    const tries = new Map<string, number>();
    for (;;) {
      const heard = await this.#gather(end, ({ id }) => !refused.has(id), signal);
      if (signal?.aborted) return;
      const order = (a: Peripheral, b: Peripheral): number =>
        (tries.get(a.id) ?? 0) - (tries.get(b.id) ?? 0) || b.rssi - a.rssi;
      const [peripheral] = heard.sort(order);
      if (!peripheral) return;
      tries.set(peripheral.id, (tries.get(peripheral.id) ?? 0) + 1);
      let link: NobleLink;
      try {
        link = await connectTo(peripheral);
      } catch {
        // It may answer the next time.
        continue;
      }
      this.#links.add(link);
      link.ended.then(() => this.#links.delete(link));
      yield link;
      // What still comes of this connection must not be taken for the next one's.
      await within(END_MILLISECONDS, link.ended).catch(() => {});
    }
  }

  /** All tokens that are heard in this time. @throws Failure `bluetooth-off` */
  async scan(milliseconds: number): Promise<HeardToken[]> {
    const heard = new Map<string, HeardToken>();
    await this.#listen(({ id, rssi }) => heard.set(id, { id, rssi }), milliseconds);
    return [...heard.values()].sort((a, b) => b.rssi - a.rssi);
  }

  /**
   * Every packet that is heard in this time, whoever sends it, until `signal` is aborted.
   *
   * @param milliseconds - Infinity for 24 days
   * @throws Failure `bluetooth-off`, also when the adapter goes away meanwhile
   */
  async listen(
    onPacket: (advertisement: Advertisement) => void,
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<void> {
    const noble = this.#noble;
    const lost = new AbortController();
    const onState = (state: AdapterState): void => {
      if (state !== "poweredOn") lost.abort();
    };
    noble.on("stateChange", onState);
    const stop = forwardAdvertisements(noble, onPacket);
    try {
      const end = AbortSignal.any([signal, lost.signal]);
      await this.#listen(() => {}, Math.min(milliseconds, LONGEST_MILLISECONDS), end, []);
    } finally {
      stop();
      noble.removeListener("stateChange", onState);
    }
    if (lost.signal.aborted) throw stateFailure("poweredOff");
  }

  /** Ends all connections, and switches it off. */
  async close(): Promise<void> {
    // Switched off at once, the adapter would keep them, and the tokens would be out of reach for a while.
    const ended = [...this.#links].map((link) => {
      link.disconnect();
      return link.ended;
    });
    await within(END_MILLISECONDS, Promise.all(ended)).catch(() => {});
    try {
      this.#noble.stop();
    } catch {
      // It never started.
    }
  }

  // Waits for a token that is wanted, and a moment for others; empty when there is none until `end`.
  async #gather(
    end: number,
    isWanted: (peripheral: Peripheral) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<Peripheral[]> {
    const heard = new Set<Peripheral>();
    const left = end - performance.now();
    if (left <= 0 || signal?.aborted) return [];
    await this.#listen(
      (peripheral, stopIn) => {
        if (!isWanted(peripheral)) return;
        if (!heard.size) stopIn(GATHER_MILLISECONDS);
        heard.add(peripheral);
      },
      left,
      signal,
    );
    return [...heard];
  }

  async #listen(
    onHeard: (peripheral: Peripheral, stopIn: (milliseconds: number) => void) => void,
    milliseconds: number,
    signal?: AbortSignal,
    services = SYNC_ONLY,
  ): Promise<void> {
    const noble = this.#noble;
    let onDiscover = (_peripheral: Peripheral): void => {};
    const forwarded = (peripheral: Peripheral): void => onDiscover(peripheral);
    noble.on("discover", forwarded);
    let stop = (): void => {};
    try {
      await within(SCAN_CALL_MILLISECONDS, noble.startScanningAsync(services, true));
      await new Promise<void>((resolve) => {
        let timer = setTimeout(resolve, milliseconds);
        stop = () => {
          clearTimeout(timer);
          resolve();
        };
        signal?.addEventListener("abort", stop);
        // Meanwhile, scanning has started.
        if (signal?.aborted) stop();
        onDiscover = (peripheral) =>
          onHeard(peripheral, (soon) => {
            clearTimeout(timer);
            timer = setTimeout(resolve, soon);
          });
      });
    } catch {
      throw stateFailure(noble.state);
    } finally {
      signal?.removeEventListener("abort", stop);
      noble.removeListener("discover", forwarded);
      await within(SCAN_CALL_MILLISECONDS, noble.stopScanningAsync()).catch(() => {});
    }
  }
}

// Loaded late: where there is no Bluetooth at all, this fails, and only what needs Bluetooth should.
async function load(adapter: string | undefined): Promise<Noble> {
  try {
    const { withBindings } = await import("@stoprocent/noble");
    const noble =
      adapter === undefined ? withBindings() : withBindings("hci", hciOptionsOf(adapter));
    // Its warnings name addresses.
    noble.removeAllListeners("warning");
    return noble;
  } catch {
    throw stateFailure("unsupported");
  }
}

function switchedOn(noble: Noble, milliseconds: number): Promise<void> {
  let state: AdapterState = "unknown";
  const on = new Promise<void>((resolve, reject) => {
    noble.on("stateChange", (now) => {
      state = now;
      // An adapter that is about to start is off at first.
      if (now === "poweredOn") resolve();
      else if (now === "unsupported" || now === "unauthorized") reject(stateFailure(now));
    });
  });
  return within(milliseconds, on).catch((error) => {
    throw error instanceof Failure ? error : stateFailure(state);
  });
}

// noble complains on standard output, where only results belong; what it means is said in a failure.
function muteConsole(): () => void {
  const { log } = console;
  console.log = () => {};
  return () => {
    console.log = log;
  };
}

function stateFailure(state: AdapterState): Failure {
  if (state === "unauthorized") {
    return new Failure(
      "bluetooth-forbidden",
      "This program may not use Bluetooth; allow it in the system's privacy settings, and on Linux give Node the right to it (see the README).",
    );
  }
  if (state === "poweredOff" || state === "poweredOn") {
    return new Failure(
      "bluetooth-off",
      "Bluetooth is switched off on this computer, or its adapter does not answer; switch it on, or plug the adapter in again.",
    );
  }
  return new Failure(
    "bluetooth-missing",
    "There is no Bluetooth adapter that this program can use; plug one in, or name the right one with --adapter.",
  );
}
