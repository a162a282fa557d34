/**
 * A desk as what serves it to a page sees it.
 *
 * @module
 */

import type { Language } from "../languages.ts";
import type { DeskApi, DeskView, Texts } from "./desk-api.ts";

/** A desk that can be watched, locks itself, and can be closed. */
export interface DeskHost extends DeskApi {
  /** What there is to see now. */
  readonly view: DeskView;
  /** Calls `watcher` after each change of the view; returns how to stop it. */
  watch(watcher: () => void): () => void;
  /** Notes that somebody is at the desk, which keeps it from locking. */
  stir(): void;
  /** What the health authority says. */
  texts(language: Language): Texts;
  /** Ends the visit, and everything else that goes on; no action begins any more. */
  close(): Promise<void>;
}
