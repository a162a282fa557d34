import { buildStorageImage } from "../../../companion/provisioning/storage-image.ts";
import { EspruinoDevice } from "../../../simulator/espruino/device.ts";
import { createRandom } from "../../../simulator/random.ts";
import type { Timeline } from "../../../simulator/timeline.ts";

const IDENTITY = { serial: 1, key: new Uint8Array(16) };

/** A board with power that runs a script; its clock is exact. */
export function scripted(timeline: Timeline, script: string): EspruinoDevice {
  const image = buildStorageImage("puckjs", IDENTITY, script);
  const device = new EspruinoDevice(timeline, createRandom("scripted"), image);
  device.powerOn();
  return device;
}

/** Scans for half a second from `first` ms on, each `period` ms, and sends without pause. */
export const scanning = (first: number, period: number): string => `
  NRF.setAdvertising(new Uint8Array([2, 1, 6]), { interval: 250, connectable: false, scannable: false });
  function stop() { NRF.setScan(); setTimeout(start, ${period} - 500); }
  function start() { NRF.setScan(() => {}, { window: 50, interval: 100 }); setTimeout(stop, 500); }
  setTimeout(start, ${first});`;
