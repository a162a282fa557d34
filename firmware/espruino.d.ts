/** The Espruino calls that the firmware uses, as its reference documents them. */

interface Characteristic {
  value: Uint8Array;
  maxLen?: number;
  writable?: boolean;
  notify?: boolean;
  onWrite?: (event: { data: ArrayBuffer }) => void;
}

declare const NRF: {
  setAdvertising(
    data: Uint8Array,
    options: { interval: number; connectable: boolean; scannable: boolean },
  ): void;
  setAddress(address: string): void;
  restart(betweenSoftDevices: () => void): void;
  setTxPower(dBm: number): void;
  setScan(
    callback?: (packet: { readonly rssi: number; readonly data: ArrayBuffer }) => void,
    options?: { window: number; interval: number },
  ): void;
  setServices(
    services: Record<string, Record<string, Characteristic>>,
    options: { uart: boolean },
  ): void;
  updateServices(services: Record<string, Record<string, Characteristic>>): void;
  sleep(): void;
  wake(): void;
  on(event: "connect" | "disconnect", listener: () => void): void;
  nfcStop(): void;
  setSecurity(options: { pair: boolean }): void;
};

declare const E: {
  setConsole(device: null, options: { force: boolean }): void;
  hwRand(): number;
  CRC32(data: Uint8Array | string): number;
  mapInPlace(from: Uint8Array, to: Uint8Array, map: Uint8Array): void;
  toUint8Array(text: string): Uint8Array;
  /** A string of its own, which {@link E.toArrayBuffer} refers to. */
  toString(data: Uint8Array): string;
  toArrayBuffer(text: string): ArrayBuffer;
  defrag(): undefined;
  getBattery(): number;
  enableWatchdog(seconds: number, isAutomatic: boolean): void;
  kickWatchdog(): void;
};

interface Led {
  write(on: boolean): void;
}
declare const LED1: Led;
declare const LED2: Led;
declare const LED3: Led;
declare const VIBRATE: Led;
declare const BTN: { read(): boolean };

declare const Bangle: {
  setOptions(options: { btnLoadTimeout: number; wakeOnTwist: boolean }): void;
  setLocked(isLocked: boolean): void;
  on(event: "lock", listener: (isLocked: boolean) => void): void;
};
declare const g: {
  clear(): void;
  setFont(name: "Vector", height: number): void;
  setFontAlign(x: number, y: number): void;
  drawString(text: string, x: number, y: number): void;
  fillPoly(corners: number[]): void;
};

declare const AES: {
  ccmEncrypt(
    message: Uint8Array,
    key: Uint8Array,
    nonce: Uint8Array,
    tagBytes: number,
  ): { data: ArrayBuffer; tag: ArrayBuffer };
  ccmDecrypt(
    message: Uint8Array,
    key: Uint8Array,
    nonce: Uint8Array,
    tag: Uint8Array,
  ): ArrayBuffer | undefined;
};

/** What is called for each advertisement, in the place of {@link NRF.setScan}'s callback, stands here. */
declare const global: { "#onblescan"?: unknown };

declare function peek32(address: number): number;
declare function poke32(address: number, value: number): void;

declare function setWatch(
  callback: (event: { state: boolean }) => void,
  pin: object,
  options: { repeat: boolean; edge: "both"; debounce: number },
): void;
declare function getTime(): number;
declare function setTime(unixSeconds: number): void;
declare function setTimeout(callback: () => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function atob(base64: string): string;

declare function require(module: "Flash"): {
  read(length: number, address: number): Uint8Array;
  write(data: Uint8Array, address: number): void;
  erasePage(address: number): void;
};
declare function require(module: "crypto"): {
  SHA256(data: Uint8Array): ArrayBuffer | undefined;
  AES: {
    encrypt(
      data: Uint8Array,
      key: Uint8Array,
      options: { mode: "ECB" | "CBC"; iv?: Uint8Array },
    ): ArrayBuffer | undefined;
  };
};
