/**
 * Connections to the sync service of tokens, however they are made: over Bluetooth, or in memory.
 *
 * @module
 */

/** An open connection; notifications of the response characteristic are switched on. */
export interface GattLink {
  /** Tells tokens in reach apart for as long as their sync windows are open; a random address or the like. */
  readonly id: string;
  /** Sends one request; rejects when the link is gone. */
  write(request: Uint8Array): Promise<void>;
  /** Sets who gets each notification. */
  onNotification(handler: (fragment: Uint8Array) => void): void;
  /** Sets who is told, once, that the link is gone, by whichever end; at once when it is gone already. */
  onDisconnect(handler: () => void): void;
  /** Ends the connection. */
  disconnect(): void;
}

/** Finds tokens whose sync window is open. */
export interface TokenRadio {
  /**
   * Connects to one token after another, whichever is found first; the caller ends each connection before it asks for
   * the next. A token is connected to again unless it is among `refused`.
   *
   * @param milliseconds - how long to look; the generator ends then
   * @param refused - ids of links
   * @param signal - once it is aborted, nothing is looked for any more; the caller does not wait for that
   * @throws Failure when the radio itself does not work
   */
  links(
    milliseconds: number,
    refused: ReadonlySet<string>,
    signal?: AbortSignal,
  ): AsyncGenerator<GattLink, void>;
}
