import { expect, test } from "vitest";
import type { EspruinoDevice } from "../../simulator/espruino/device.ts";
import type { ScanParameters } from "../../simulator/espruino/nrf.ts";
import { Timeline } from "../../simulator/timeline.ts";
import { scripted } from "./run/scripted-boards.ts";

const PACKET = {
  address: "c0:00:00:00:00:01",
  payload: Uint8Array.of(3, 3, 0x6f, 0xfd, 3, 0x16, 0x6f, 0xfd),
  interval: 250,
  connectable: false,
};

/** What a board tells at the ends of its scans, up to a time in ms, while each end is answered with a packet. */
function endsOf(script: string, until: number) {
  const timeline = new Timeline(0);
  const ends: [at: number, milliseconds: number, parameters: ScanParameters][] = [];
  const device: EspruinoDevice = scripted(timeline, script);
  let beacons = 0;
  device.observe((activity) => {
    if (activity.what === "script" && activity.trigger === "beacon") beacons++;
  });
  device.onScanEnd = (milliseconds, parameters) => {
    ends.push([timeline.now, milliseconds, parameters]);
    device.nrf.receive(PACKET, -60);
  };
  timeline.runUntil(until);
  return { device, ends, beacons };
}

test("a scan tells at its end how long it was, with what parameters, and still takes packets", () => {
  const { device, ends, beacons } = endsOf(
    `setTimeout(() => NRF.setScan(() => {}, { window: 30, interval: 60 }), 100);
     setTimeout(() => NRF.setScan(() => {}, { window: 10, interval: 20 }), 400);
     setTimeout(() => NRF.setScan(), 950);
     setTimeout(() => NRF.setScan(), 990);`,
    1000,
  );
  // Being asked to scan again changes only who is told.
  expect(ends).toEqual([[950, 850, { window: 30, interval: 60 }]]);
  expect(beacons).toBe(1);
  device.nrf.receive(PACKET, -60);
  expect(device.nrf.scanning()).toBeUndefined();
});

test("a restart of the SoftDevice ends a scan for good", () => {
  const { ends, beacons } = endsOf(
    `NRF.setScan(() => {}, { window: 30, interval: 60 });
     setTimeout(() => NRF.setAddress("c0:00:00:00:00:02 random"), 300);
     setTimeout(() => NRF.setScan(), 500);`,
    1000,
  );
  expect(ends).toEqual([[300, 300, { window: 30, interval: 60 }]]);
  expect(beacons).toBe(1);
});

test("a scan that power ends is not told of, for nobody is there to hear", () => {
  const { device, ends } = endsOf("NRF.setScan(() => {});", 500);
  device.powerOff();
  expect(ends).toEqual([]);
});
