/**
 * Every packet that noble hears, whoever sends it.
 *
 * noble's events have the parts of a packet that it knows, and on Linux those of earlier packets of the same address, too.
 * Its binding for HCI hears the packets as they were sent, in an event that is not part of noble's interface: it is used
 * where it is there.
 *
 * @module
 */
import type { EventEmitter } from "node:events";
import type { Noble, Peripheral } from "@stoprocent/noble";

const CONNECTABLE = [0, 1];
const SCANNABLE = 2;
const SCAN_RESPONSE = 4;
const EXTENDED_CONNECTABLE = 1;
const EXTENDED_SCANNABLE = 2;
const EXTENDED_SCAN_RESPONSE = 8;

/** What the system tells of a packet's data if it does not give the data itself. */
export interface PacketParts {
  /** Service data, by UUID in lower case without dashes. */
  readonly serviceData: readonly { readonly uuid: string; readonly data: Uint8Array }[];
  /** UUIDs in lower case without dashes. */
  readonly services: readonly string[];
  readonly manufacturer: Uint8Array | undefined;
}

/** A packet that was heard. */
export interface Advertisement {
  /** By which the system tells senders apart. */
  readonly id: string;
  /** Six hexadecimal bytes with colons; undefined where the system hides it, as macOS does. */
  readonly address: string | undefined;
  /** Undefined where the system does not know it for sure. */
  readonly addressType: "public" | "random" | undefined;
  /** In dBm. */
  readonly rssi: number;
  /** Whether it can be connected to; undefined for an answer to a scan request. */
  readonly connectable: boolean | undefined;
  /** Whether it answers scan requests without being connectable; undefined where the system does not say. */
  readonly scannable: boolean | undefined;
  /** Bytes as they were sent, or what the system gives of them. */
  readonly data: Uint8Array | PacketParts;
}

/** Calls `heard` for each packet until the function that it returns is called. `noble` is switched on. */
export function forwardAdvertisements(
  noble: Noble,
  heard: (advertisement: Advertisement) => void,
): () => void {
  const hci = (noble as unknown as { _bindings?: { _hci?: EventEmitter } })._bindings?._hci;
  if (!hci) {
    const onDiscover = (peripheral: Peripheral): void => heard(ofPeripheral(peripheral));
    noble.on("discover", onDiscover);
    return () => noble.removeListener("discover", onDiscover);
  }
  const forward = (
    address: string,
    addressType: "public" | "random",
    rssi: number,
    kind: Pick<Advertisement, "connectable" | "scannable">,
    data: Uint8Array,
  ): void => heard({ id: address, address, addressType, rssi, ...kind, data: data.slice() });
  const onReport = (
    _status: number,
    type: number,
    address: string,
    addressType: "public" | "random",
    data: Uint8Array,
    rssi: number,
  ): void => forward(address, addressType, rssi, kindOf(type), data);
  const onExtendedReport = (
    _status: number,
    type: number,
    address: string,
    addressType: "public" | "random",
    _power: number,
    rssi: number,
    data: Uint8Array,
  ): void => forward(address, addressType, rssi, extendedKindOf(type), data);
  hci.on("leAdvertisingReport", onReport);
  hci.on("leExtendedAdvertisingReport", onExtendedReport);
  return () => {
    hci.removeListener("leAdvertisingReport", onReport);
    hci.removeListener("leExtendedAdvertisingReport", onExtendedReport);
  };
}

function kindOf(type: number): Pick<Advertisement, "connectable" | "scannable"> {
  if (type === SCAN_RESPONSE) return { connectable: undefined, scannable: undefined };
  return { connectable: CONNECTABLE.includes(type), scannable: type === SCANNABLE };
}

function extendedKindOf(type: number): Pick<Advertisement, "connectable" | "scannable"> {
  if (type & EXTENDED_SCAN_RESPONSE) return { connectable: undefined, scannable: undefined };
  const connectable = (type & EXTENDED_CONNECTABLE) !== 0;
  return { connectable, scannable: !connectable && (type & EXTENDED_SCANNABLE) !== 0 };
}

function ofPeripheral(peripheral: Peripheral): Advertisement {
  const { id, address, addressType, advertisement, connectable, rssi } = peripheral;
  const spelled = (uuid: string): string => uuid.toLowerCase().replaceAll("-", "");
  return {
    id,
    address: /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i.test(address) ? address.toLowerCase() : undefined,
    // Windows does not tell, and noble takes everything but a random static address for a public one.
    addressType: addressType === "random" ? "random" : undefined,
    rssi,
    connectable: Boolean(connectable),
    scannable: undefined,
    data: {
      serviceData: (advertisement.serviceData ?? []).map(({ uuid, data }) => ({
        uuid: spelled(uuid),
        data: Uint8Array.from(data),
      })),
      services: (advertisement.serviceUuids ?? []).map(spelled),
      manufacturer:
        advertisement.manufacturerData && Uint8Array.from(advertisement.manufacturerData),
    },
  };
}
