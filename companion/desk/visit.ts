/**
 * All that a desk holds of a wearer while the visit lasts.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import { PublishingVisit, VerificationCode } from "../servers/key-server-client.ts";
import type { TokenStatus } from "../token/token-client.ts";
import type { CheckView, PublishedView, StatusView, VisitView } from "./desk-api.ts";
import { type ConnectionMeans, TokenConnection } from "./token-connection.ts";
import { statusView } from "./views.ts";

/** See the module's description. */
export class Visit {
  readonly connection: TokenConnection;
  /** So that keys which were published in this visit can be sent again with new ones. */
  readonly publishing = new PublishingVisit();
  check: CheckView | null = null;
  published: PublishedView | null = null;
  readonly #key: Uint8Array;
  #status: StatusView | null = null;
  #first: StatusView | undefined;
  #code: { readonly text: string; readonly permission: VerificationCode } | undefined;

  /** @param key - from the card, 16 bytes */
  constructor(key: Uint8Array, means: ConnectionMeans) {
    this.#key = key;
    this.connection = new TokenConnection(key, means);
  }

  get view(): VisitView {
    return { status: this.#status, check: this.check, published: this.published };
  }

  /** The token before this visit has changed anything. */
  get first(): StatusView {
    if (!this.#first) throw new Error("the token was not read yet");
    return this.#first;
  }

  /** Whether a card is that of this visit. */
  isOf(key: Uint8Array): boolean {
    return timingSafeEqual(key, this.#key);
  }

  /** Notes the token's state. @param now - Unix seconds when it was read */
  note(status: TokenStatus, now: number): StatusView {
    this.#status = statusView(status, now);
    this.#first ??= this.#status;
    return this.#status;
  }

  /**
   * The permission that a health authority's code is. The same one for the same code: after its first verification only that permits
   * to publish.
   *
   * @throws Failure `code-malformed`
   */
  codeOf(text: string): VerificationCode {
    if (this.#code?.text !== text) this.#code = { text, permission: new VerificationCode(text) };
    return this.#code.permission;
  }

  /** Drops the code, once it is used up. */
  forgetCode(): void {
    this.#code?.permission.forget();
    this.#code = undefined;
  }

  /** Ends it, and the connection. */
  end(): void {
    this.connection.close();
    this.forgetCode();
    this.#key.fill(0);
  }
}
