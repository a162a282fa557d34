/**
 * How a user names a Bluetooth adapter: `0`, `1`, … or `hci0`, … for that one of Linux's adapters; else the serial port of
 * a dongle that speaks HCI, which may have `@` and its baud rate behind it.
 *
 * @module
 */

const BAUD_RATE = 1_000_000;

/** What noble's and bleno's HCI bindings take. */
export type HciOptions =
  | { readonly deviceId: number }
  | {
      readonly hciDriver: "uart";
      readonly bindParams: { readonly uart: { readonly port: string; readonly baudRate: number } };
    };

/** Bindings for the adapter of this name; see the module's description. */
export function hciOptionsOf(adapter: string): HciOptions {
  const [, number] = /^(?:hci)?(\d+)$/.exec(adapter) ?? [];
  if (number !== undefined) return { deviceId: Number(number) };
  const [, port = adapter, baudRate] = /^(.+)@(\d+)$/.exec(adapter) ?? [];
  return {
    hciDriver: "uart",
    bindParams: { uart: { port, baudRate: Number(baudRate ?? BAUD_RATE) } },
  };
}
