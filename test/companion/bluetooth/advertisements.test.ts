import { EventEmitter } from "node:events";
import type { Noble } from "@stoprocent/noble";
import { expect, test } from "vitest";
import {
  type Advertisement,
  forwardAdvertisements,
} from "../../../companion/bluetooth/advertisements.ts";

const ADDRESS = "c0:00:00:00:00:01";
const DATA = Buffer.of(3, 3, 0x6f, 0xfd);

function forwarded(noble: EventEmitter): { heard: Advertisement[]; stop: () => void } {
  const heard: Advertisement[] = [];
  const stop = forwardAdvertisements(noble as Noble, (each) => heard.push(each));
  return { heard, stop };
}

test.each([
  ["can be connected to", 0, true, false, 0x13],
  ["is for one address", 1, true, false, 0x15],
  ["answers scan requests", 2, false, true, 0x12],
  ["cannot be answered", 3, false, false, 0x10],
  ["is such an answer", 4, undefined, undefined, 0x1b],
])("as HCI reports it: a packet that %s", (_, type, connectable, scannable, extended) => {
  const hci = new EventEmitter();
  const { heard, stop } = forwarded(
    Object.assign(new EventEmitter(), { _bindings: { _hci: hci } }),
  );
  hci.emit("leAdvertisingReport", 0, type, ADDRESS, "random", DATA, -60);
  hci.emit("leExtendedAdvertisingReport", 0, extended, ADDRESS, "random", 127, -60, DATA);
  stop();
  hci.emit("leAdvertisingReport", 0, type, ADDRESS, "random", DATA, -60);
  const data = Uint8Array.from(DATA);
  const expected = {
    ...{ id: ADDRESS, address: ADDRESS, addressType: "random", rssi: -60 },
    ...{ connectable, scannable },
  };
  expect(heard.map((each) => ({ ...each, data: Uint8Array.from(each.data as Buffer) }))).toEqual([
    { ...expected, data },
    { ...expected, data },
  ]);
  expect(hci.eventNames()).toEqual([]);
});

test("as other systems do: a packet's parts, without what they do not know", () => {
  const noble = new EventEmitter();
  const { heard, stop } = forwarded(noble);
  const advertisement = { serviceData: [{ uuid: "FD6F", data: DATA }], serviceUuids: ["FD6F"] };
  const peripheral = { id: "x", address: "", addressType: "public", connectable: false, rssi: -70 };
  noble.emit("discover", { ...peripheral, advertisement });
  noble.emit("discover", { ...peripheral, address: "C0:00:00:00:00:01", advertisement: {} });
  stop();
  noble.emit("discover", { ...peripheral, advertisement });
  const known = { id: "x", rssi: -70, connectable: false };
  expect(heard).toEqual([
    {
      ...known,
      data: {
        serviceData: [{ uuid: "fd6f", data: Uint8Array.from(DATA) }],
        services: ["fd6f"],
        manufacturer: undefined,
      },
    },
    {
      ...known,
      address: ADDRESS,
      data: { serviceData: [], services: [], manufacturer: undefined },
    },
  ]);
});
