/**
 * A connection to one token through noble.
 *
 * @module
 */
import type { Characteristic, Peripheral } from "@stoprocent/noble";
import {
  REQUEST_CHARACTERISTIC,
  RESPONSE_CHARACTERISTIC,
  SYNC_SERVICE,
} from "../../protocol/service.ts";
import type { GattLink } from "../token/gatt-link.ts";
import { within } from "./deadline.ts";

/** A token's notifications have 50 bytes, behind 3 of the attribute protocol. */
const SMALLEST_MTU = 53;
const CONNECT_MILLISECONDS = 6000;
/** For each other word with the token. */
const ANSWER_MILLISECONDS = 4000;
/** Less than a response may take: a link that takes no writes is lost. */
const WRITE_MILLISECONDS = 2500;

/** A link whose end can be waited for. */
export interface NobleLink extends GattLink {
  /** Settles once the connection has ended, after {@link GattLink.disconnect} or by itself; never rejects. */
  readonly ended: Promise<void>;
}

/** noble's spelling of a UUID. */
export const plainUuid = (uuid: string): string => uuid.replaceAll("-", "");

/**
 * Connects to what advertises the sync service.
 *
 * @throws Error when it is out of reach, does not answer in time, or is no token after all; the connection is ended then
 */
export async function connectTo(peripheral: Peripheral): Promise<NobleLink> {
  let isOpen = true;
  let onDisconnect = (): void => {};
  let onNotification = (_fragment: Uint8Array): void => {};
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = () => {
      isOpen = false;
      resolve();
      onDisconnect();
    };
  });
  await connect(peripheral);
  peripheral.once("disconnect", end);
  const disconnect = (): void => {
    if (isOpen) peripheral.disconnect();
  };
  let requests: Characteristic;
  try {
    const [written, notified] = await characteristicsOf(peripheral);
    // What is larger than the link takes would be cut off without a word.
    if (peripheral.mtu !== null && peripheral.mtu < SMALLEST_MTU) throw new Error("MTU too small");
    notified.on("data", (data) => onNotification(data));
    await within(ANSWER_MILLISECONDS, notified.subscribeAsync());
    requests = written;
  } catch (error) {
    disconnect();
    await within(ANSWER_MILLISECONDS, ended).catch(() => {});
    peripheral.removeListener("disconnect", end);
    throw error;
  }

  return {
    id: peripheral.id,
    ended,
    write: (bytes) => {
      if (!isOpen) return Promise.reject(new Error("the link is gone"));
      return within(WRITE_MILLISECONDS, requests.writeAsync(Buffer.from(bytes), false));
    },
    onNotification: (handler) => {
      onNotification = handler;
    },
    onDisconnect: (handler) => {
      onDisconnect = handler;
      if (!isOpen) handler();
    },
    disconnect,
  };
}

async function connect(peripheral: Peripheral): Promise<void> {
  try {
    await within(CONNECT_MILLISECONDS, peripheral.connectAsync());
  } catch (error) {
    peripheral.cancelConnect();
    throw error;
  }
}

async function characteristicsOf(
  peripheral: Peripheral,
): Promise<readonly [requests: Characteristic, responses: Characteristic]> {
  const uuids = [REQUEST_CHARACTERISTIC, RESPONSE_CHARACTERISTIC].map(plainUuid);
  const { characteristics } = await within(
    ANSWER_MILLISECONDS,
    peripheral.discoverSomeServicesAndCharacteristicsAsync([plainUuid(SYNC_SERVICE)], uuids),
  );
  const [requests, responses] = uuids.map((uuid) =>
    characteristics.find((characteristic) => characteristic.uuid === uuid),
  );
  if (!requests || !responses) throw new Error("not a token");
  return [requests, responses];
}
