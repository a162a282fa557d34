/**
 * A connection to a token's sync service, however it is made: over Bluetooth, or in memory.
 *
 * @module
 */

/** An open connection; notifications of the response characteristic are switched on. */
export interface GattLink {
  /** Sends one request; rejects when the link is gone. */
  write(request: Uint8Array): Promise<void>;
  /** Sets who gets each notification. */
  onNotification(handler: (fragment: Uint8Array) => void): void;
  /** Sets who is told, once, that the link is gone, by whichever end. */
  onDisconnect(handler: () => void): void;
  /** Ends the connection. */
  disconnect(): void;
}

/** Time-outs on the clock that the link lives by: the computer's, or a simulation's. */
export interface Timers {
  /** Calls `action` after `milliseconds`; returns how to prevent it. */
  after(milliseconds: number, action: () => void): () => void;
}
