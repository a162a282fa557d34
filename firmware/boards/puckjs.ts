/**
 * Puck.js v2: nRF52832, 40 kB of Storage in internal flash, native AES and SHA-256, three LEDs, one
 * button. This file is the entry of its bundle.
 */
import {
  FILE_HEADER_BYTES,
  IDENTITY_MAGIC,
  PAGE_BYTES,
  PUCKJS,
  REGION_FILE,
} from "../../protocol/flash-layout.ts";
import {
  REQUEST_CHARACTERISTIC,
  RESPONSE_CHARACTERISTIC,
  SYNC_SERVICE,
} from "../../protocol/service.ts";
import type { Board } from "../board.ts";
import { start } from "../main.ts";

const flash = require("Flash");
const crypto = require("crypto");
const lights = [LED1, LED2, LED3];

const TX_POWER = 0;
// The connection's MTU is 53, of which 3 bytes are the protocol's.
const NOTIFICATION_BYTES = 50;
// A whole page would not fit into the variables that are free.
const BLANK_CHECK_BYTES = 256;
// Neighbours send at least every 270 ms; scanning without pause hears each twice in a scan.
const SCAN_MILLISECONDS = 100;

function text(address: number, length: number): string {
  return String.fromCharCode.apply(null, flash.read(length, address) as unknown as number[]);
}

function addressOf(page: number, offset: number): number {
  return PUCKJS.storage + (page + 1) * PAGE_BYTES + offset;
}

function syncService(
  characteristics: Record<string, Characteristic>,
): Record<string, Record<string, Characteristic>> {
  const services: Record<string, Record<string, Characteristic>> = {};
  services[SYNC_SERVICE] = characteristics;
  return services;
}

function hex(byte: number): string {
  return (byte + 256).toString(16).substr(1);
}

const board: Board = {
  txPower: TX_POWER,
  pages: PUCKJS.regionPages - 1,
  notificationBytes: NOTIFICATION_BYTES,

  provisioned: () =>
    text(PUCKJS.storage + 4, REGION_FILE.length) === REGION_FILE &&
    text(PUCKJS.storage + FILE_HEADER_BYTES, IDENTITY_MAGIC.length) === IDENTITY_MAGIC,

  now: getTime,
  setNow: setTime,
  after: (milliseconds, action) => setTimeout(action, milliseconds),
  cancel: (timer) => {
    // Espruino complains about an unknown timer instead of ignoring it.
    if (timer) clearTimeout(timer);
  },

  randomBelow: (limit) => (E.hwRand() >>> 0) % limit,
  randomBytes: (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = E.hwRand();
    return bytes;
  },
  crc32: (bytes) => E.CRC32(bytes) >>> 0,
  sha256: (message) => new Uint8Array(crypto.SHA256(message)),
  aes128: (key, blocks) => new Uint8Array(crypto.AES.encrypt(blocks, key, { mode: "ECB" })),

  readFlash: (page, offset, length) => flash.read(length, addressOf(page, offset)),
  writeFlash: (page, offset, bytes) => {
    const address = addressOf(page, offset);
    flash.write(bytes, address);
    // A busy radio makes writes fail silently.
    return E.CRC32(flash.read(bytes.length, address)) === E.CRC32(bytes);
  },
  eraseFlash: (page) => {
    flash.erasePage(addressOf(page, 0));
    const blank = E.CRC32(new Uint8Array(BLANK_CHECK_BYTES).fill(255));
    for (let at = 0; at < PAGE_BYTES; at += BLANK_CHECK_BYTES) {
      if (E.CRC32(flash.read(BLANK_CHECK_BYTES, addressOf(page, at))) !== blank) return false;
    }
    return true;
  },

  advertise: (address, payload, milliseconds, connectable) => {
    // Off air first: from here until wake() neither the old nor the new packet is sent.
    NRF.sleep();
    NRF.setAdvertising(payload, {
      interval: milliseconds,
      connectable: connectable,
      scannable: connectable,
    });
    let name = hex(address[0] | 0xc0);
    for (let i = 1; i < 6; i++) name += ":" + hex(address[i]);
    NRF.setAddress(name + " random");
    NRF.wake();
  },
  silence: () => NRF.sleep(),

  startScan: (heard) =>
    NRF.setScan(heard, {
      filters: [{ serviceData: { fd6f: {} } }],
      window: SCAN_MILLISECONDS,
      interval: SCAN_MILLISECONDS,
    }),
  stopScan: () => NRF.setScan(),

  serve: (onRequest, onConnect, onDisconnect) => {
    const characteristics: Record<string, Characteristic> = {};
    characteristics[REQUEST_CHARACTERISTIC] = {
      writable: true,
      maxLen: NOTIFICATION_BYTES,
      value: new Uint8Array(1),
      onWrite: (event) => onRequest(new Uint8Array(event.data)),
    };
    characteristics[RESPONSE_CHARACTERISTIC] = {
      notify: true,
      maxLen: NOTIFICATION_BYTES,
      value: new Uint8Array(1),
    };
    NRF.setServices(syncService(characteristics), { uart: false });
    NRF.on("connect", onConnect);
    NRF.on("disconnect", onDisconnect);
    NRF.setTxPower(TX_POWER);
  },
  notify: (frame) => {
    const characteristics: Record<string, Characteristic> = {};
    characteristics[RESPONSE_CHARACTERISTIC] = { value: frame, notify: true };
    NRF.updateServices(syncService(characteristics));
  },

  light: (colour, on) => {
    (lights[colour] as Led).write(on);
  },
  onButton: (action) => {
    setWatch(
      (event) => {
        if (!event.state) action(event.time - event.lastTime);
      },
      BTN,
      { repeat: true, edge: "both", debounce: 25 },
    );
  },
  battery: () => E.getBattery(),
};

start(board);
