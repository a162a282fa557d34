/**
 * A GATT connection in memory, from a desk to a simulated token.
 *
 * @module
 */
import { Failure } from "../companion/failure.ts";
import type { GattLink } from "../companion/token/gatt-link.ts";
import { REQUEST_CHARACTERISTIC, RESPONSE_CHARACTERISTIC } from "../protocol/service.ts";
import type { EspruinoDevice } from "./espruino/device.ts";

/** What a test may do to a link. */
export interface LinkFaults {
  /** Called before each write; returning true cuts the link instead. */
  cutBeforeWrite?: () => boolean;
  /** Called for each notification; returning true loses it. */
  loseNotification?: () => boolean;
  /** Called for each notification; returning true cuts the link instead. */
  cutBeforeNotification?: () => boolean;
}

/**
 * Connects to a token whose sync window is open.
 *
 * @throws Failure `token-not-found`
 */
export function connectTo(device: EspruinoDevice, faults: LinkFaults = {}): GattLink {
  let onNotification: (frame: Uint8Array) => void = () => {};
  let onDisconnect = (): void => {};
  let open = true;

  const connected =
    device.isOn &&
    device.nrf.connect({
      notified: (characteristic, value) => {
        if (characteristic !== RESPONSE_CHARACTERISTIC) return;
        if (faults.cutBeforeNotification?.()) device.nrf.disconnect();
        else if (!faults.loseNotification?.()) onNotification(value);
      },
      disconnected: () => {
        open = false;
        onDisconnect();
      },
    });
  if (!connected) {
    throw new Failure(
      "token-not-found",
      "No token with an open sync window is in reach; hold its button until the blue light comes on.",
    );
  }
  device.nrf.subscribe(RESPONSE_CHARACTERISTIC);

  return {
    id: device.nrf.address,
    write: async (request) => {
      if (open && faults.cutBeforeWrite?.()) device.nrf.disconnect();
      if (!open) throw new Error("the link is gone");
      device.nrf.write(REQUEST_CHARACTERISTIC, request);
    },
    onNotification: (handler) => {
      onNotification = handler;
    },
    onDisconnect: (handler) => {
      onDisconnect = handler;
      if (!open) handler();
    },
    disconnect: () => {
      if (open) device.nrf.disconnect();
    },
  };
}
