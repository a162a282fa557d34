/**
 * What the emulated chip tells. Bytes are in hex.
 *
 * @module
 */

/** What each kind of event says beside its time. `result` is the SoftDevice's answer, 0 for success. */
export interface EventFields {
  readonly address: { readonly type: number; readonly address: string; readonly result: number };
  readonly data: { readonly data: string; readonly response: string; readonly result: number };
  /** Interval in units of 0.625 ms, timeout in seconds; see `simulator/espruino/s132.ts`. */
  readonly advertise: {
    readonly type: number;
    readonly interval: number;
    readonly timeout: number;
    readonly result: number;
  };
  readonly "advertise-stop": { readonly result: number };
  /** Interval and window in units of 0.625 ms. */
  readonly scan: {
    readonly interval: number;
    readonly window: number;
    readonly timeout: number;
    readonly result: number;
  };
  readonly "scan-stop": { readonly result: number };
  readonly power: { readonly power: number; readonly result: number };
  readonly "softdevice-on": { readonly result: number };
  readonly "softdevice-off": { readonly result: number };
  readonly erase: { readonly page: number; readonly result: number };
  readonly write: { readonly at: number; readonly words: number; readonly result: number };
  readonly "hang-up": { readonly result: number };
  readonly disconnected: { readonly reason: number };
  readonly notify: { readonly data: string };
  readonly lights: { readonly red: boolean; readonly green: boolean; readonly blue: boolean };
  readonly reset: { readonly cause: "watchdog" | "soft" | "pin" };
  readonly fault: { readonly message: string; readonly backtrace: string };
  /** A packet on air, at level B while traced; power in dBm. */
  readonly transmitted: {
    readonly channel: number;
    readonly pdu: number;
    readonly random: boolean;
    readonly power: number;
    readonly address: string;
    readonly data: string;
  };
  /** While traced: what the radio (level B) or the application's queue (level A) was given; -1 for what was injected. */
  readonly received: {
    readonly neighbour: number;
    readonly channel?: number;
    readonly address?: string;
    readonly data?: string;
    /** Level A: whether the queue was full. */
    readonly lost?: boolean;
  };
  readonly calls: { readonly number: number; readonly name: string; readonly count: number };
  readonly called: { readonly result: number };
  readonly memory: { readonly data: string };
  readonly ledger: Ledger;
}

/** How long what draws current was on since the start, in seconds. */
export interface Ledger {
  /** The processor, interrupts included. */
  readonly active: number;
  readonly asleep: number;
  /** Flash; the processor halts meanwhile. */
  readonly erasing: number;
  readonly writing: number;
  /** Level B: the radio, its ramp-up included. */
  readonly receiving: number;
  readonly transmitting: number;
  readonly channel37: number;
  readonly channel38: number;
  readonly channel39: number;
  /** Level A: the windows of the scans that were asked for. */
  readonly scanning: number;
  /** Level A: the advertising events that were asked for. */
  readonly advertisingEvents: number;
}

/** The kinds of events. */
export type EventKind = keyof EventFields;

/** One event; time in seconds since the start. */
export type ChipEventOf<Kind extends EventKind> = {
  readonly event: Kind;
  readonly time: number;
} & EventFields[Kind];

/** Any event. */
export type ChipEvent = { [Kind in EventKind]: ChipEventOf<Kind> }[EventKind];

/** How the chip is after a command. */
export interface ChipState {
  readonly event: "done";
  /** Seconds since the start. */
  readonly time: number;
  /** Whether the command was one that could be done. */
  readonly well: boolean;
  /** Bytes, at the deepest since the extremes were forgotten: with the exceptions, and in thread mode alone. */
  readonly stack: number;
  readonly threadStack: number;
  /** The interpreter's variables in use, at most since then: when the SoftDevice is called, and before it sleeps. */
  readonly variables: number;
  readonly variablesAtRest: number;
  /** Seconds without sleep, at most since then. */
  readonly awake: number;
  /** Seconds of the processor. */
  readonly active: number;
  readonly advertising: boolean;
  readonly scanning: boolean;
  readonly connected: boolean;
  /** POWER's registers. */
  readonly dcdc: number;
  readonly gpregret: number;
  readonly resetreas: number;
  /** What has ended the run; empty as long as it goes on. */
  readonly fault: string;
}
