/**
 * Offers a simulated token over this computer's Bluetooth, through bleno.
 *
 * What differs from a board: the sync service is advertised under the adapter's own address, since bleno cannot set another
 * one on most adapters; and the token's beacons are not sent, since bleno advertises connectable packets only.
 *
 * @module
 */
import type { Bleno, ConnectionHandle, UpdateValueCallback } from "@stoprocent/bleno";
import { hciOptionsOf } from "../../companion/bluetooth/adapter-name.ts";
import {
  REQUEST_CHARACTERISTIC,
  RESPONSE_CHARACTERISTIC,
  SYNC_SERVICE,
} from "../../protocol/service.ts";
import type { EspruinoDevice } from "../espruino/device.ts";

const START_MILLISECONDS = 5000;
const NO_ADAPTER =
  "There is no Bluetooth adapter that could be used; plug one in, or name the right one with --adapter.";

/** Whether a token can be connected to, is, or neither. */
export type PeripheralState = "advertising" | "connected" | "silent";

/** A token on air. */
export class BlePeripheral {
  readonly #bleno: Bleno;
  readonly #device: EspruinoDevice;
  readonly #onState: (state: PeripheralState) => void;
  #state: PeripheralState = "silent";
  #central: ConnectionHandle | undefined;
  #notify: UpdateValueCallback | undefined;

  private constructor(
    bleno: Bleno,
    device: EspruinoDevice,
    onState: (state: PeripheralState) => void,
  ) {
    this.#bleno = bleno;
    this.#device = device;
    this.#onState = onState;
  }

  /**
   * Switches the adapter on, and offers the sync service of `device`, which has power.
   *
   * @param adapter - see {@link hciOptionsOf}; undefined for the system's own
   * @throws Error when there is no adapter, or it does not answer
   */
  static async open(
    device: EspruinoDevice,
    adapter: string | undefined,
    onState: (state: PeripheralState) => void,
  ): Promise<BlePeripheral> {
    // Otherwise everyone who connects can read this computer's name.
    process.env["BLENO_DEVICE_NAME"] = "token";
    // Loaded late: where there is no Bluetooth at all, this fails.
    const { withBindings } = await import("@stoprocent/bleno");
    const load = (): Bleno =>
      adapter === undefined ? withBindings() : withBindings("hci", hciOptionsOf(adapter));
    // A serial port's driver overlooks an answer that comes in two pieces: then it is asked again.
    const bleno = (await switchedOn(load())) ?? (await switchedOn(load()));
    if (!bleno) throw new Error(NO_ADAPTER);
    const peripheral = new BlePeripheral(bleno, device, onState);
    await bleno.setServicesAsync(peripheral.#services());
    bleno.on("accept", (_address, handle) => peripheral.#accept(handle));
    bleno.on("disconnect", (_address, handle) => peripheral.#ended(handle));
    return peripheral;
  }

  /** Goes on or off air as the token does; called every few milliseconds. */
  update(): void {
    const onAir = this.#device.nrf.onAir();
    const isOpen = onAir?.connectable === true;
    const state = this.#central !== undefined ? "connected" : isOpen ? "advertising" : "silent";
    if (state === this.#state) return;
    if (isOpen) this.#bleno.startAdvertisingWithEIRData(Buffer.from(onAir.payload));
    else if (this.#state === "advertising") this.#bleno.stopAdvertising();
    this.#state = state;
    this.#onState(state);
  }

  /** Ends a connection, and switches the adapter off. */
  close(): void {
    this.#bleno.stop();
  }

  #services() {
    const { Characteristic, PrimaryService } = this.#bleno;
    const requests = new Characteristic({
      uuid: REQUEST_CHARACTERISTIC,
      properties: ["write"],
      onWriteRequest: (handle, data, offset, _withoutResponse, answer) => {
        answer(this.#write(handle, data, offset));
      },
    });
    const responses = new Characteristic({
      uuid: RESPONSE_CHARACTERISTIC,
      properties: ["notify"],
      onSubscribe: (handle, _size, notify) => {
        if (handle !== this.#central) return;
        this.#notify = notify;
        this.#device.nrf.subscribe(RESPONSE_CHARACTERISTIC);
      },
      onUnsubscribe: (handle) => {
        if (handle === this.#central) this.#notify = undefined;
      },
    });
    return [new PrimaryService({ uuid: SYNC_SERVICE, characteristics: [requests, responses] })];
  }

  #write(handle: ConnectionHandle, data: Buffer, offset: number): number {
    const { Characteristic } = this.#bleno;
    if (handle !== this.#central || offset) return Characteristic.RESULT_UNLIKELY_ERROR;
    try {
      this.#device.nrf.write(REQUEST_CHARACTERISTIC, data);
      return Characteristic.RESULT_SUCCESS;
    } catch {
      // The same as an Espruino's radio says to what is too long.
      return Characteristic.RESULT_INVALID_ATTRIBUTE_LENGTH;
    }
  }

  #accept(handle: ConnectionHandle): void {
    const isTaken = this.#device.nrf.connect({
      notified: (_characteristic, value) => this.#notify?.(Buffer.from(value)),
      disconnected: () => this.#disconnect(handle),
    });
    if (!isTaken) {
      this.#drop(handle);
      return;
    }
    this.#central = handle;
    this.update();
  }

  // The token has ended the connection; on air it ends with bleno's word for it.
  #disconnect(handle: ConnectionHandle): void {
    this.#notify = undefined;
    if (handle === this.#central) this.#drop(handle);
  }

  #drop(handle: ConnectionHandle): void {
    // Its types leave out that it takes the handle of one connection.
    const { disconnect } = this.#bleno as unknown as { disconnect(handle: ConnectionHandle): void };
    disconnect.call(this.#bleno, handle);
  }

  // The central has ended it, or it was lost.
  #ended(handle: ConnectionHandle): void {
    if (handle !== this.#central) return;
    this.#central = undefined;
    this.#notify = undefined;
    this.#device.nrf.disconnect();
  }
}

// Undefined when it does not start. bleno complains on standard output, where a program reads on.
async function switchedOn(bleno: Bleno): Promise<Bleno | undefined> {
  const { log } = console;
  console.log = () => {};
  try {
    const missing = new Promise<never>((_, reject) => {
      bleno.on("stateChange", (state) => {
        if (state === "unsupported" || state === "unauthorized") reject(new Error(NO_ADAPTER));
      });
    });
    const on = bleno.waitForPoweredOnAsync(START_MILLISECONDS).then(
      () => true,
      () => false,
    );
    if (await Promise.race([on, missing])) return bleno;
    bleno.stop();
    return undefined;
  } finally {
    console.log = log;
  }
}
