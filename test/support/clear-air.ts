import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import type { Rig } from "./rig.ts";

/** Someone whom every scan hears, and how strong in dBm. */
export type Heard = readonly [sender: EspruinoDevice, rssi: number];

/** A scan that has ended. */
export interface EndedScan {
  /** World time of its beginning and end, in Unix seconds. */
  readonly begin: number;
  readonly end: number;
  /** Whether anybody was heard in it. */
  readonly heard: boolean;
}

/**
 * Clear air around a token: each of its scans hears each of those around it once, and no beacon is lost.
 *
 * @param around - asked when a scan begins
 * @returns its scans as they end
 */
export function clearAir(
  rig: Rig,
  device: EspruinoDevice,
  around: () => readonly Heard[],
): EndedScan[] {
  const scans: EndedScan[] = [];
  let begin = 0;
  let heard = false;
  device.onScanStart = () => {
    const last = scans.at(-1);
    if (last?.end === rig.world.now) {
      // A change of identifier has interrupted it.
      scans.pop();
      begin = last.begin;
      if (last.heard) return;
    } else {
      begin = rig.world.now;
      heard = false;
    }
    for (const [sender, rssi] of around()) {
      rig.world.timeline.after(100, () => {
        const packet = sender.nrf.onAir();
        if (packet) device.nrf.receive(packet, rssi);
        heard ||= packet !== undefined;
      });
    }
  };
  device.onScanEnd = () => {
    scans.push({ begin, end: rig.world.now, heard });
  };
  return scans;
}
