import { z } from "zod";
import { Failure } from "../failure.ts";
import { NOT_STORED } from "./back-off.ts";
import type { Caller } from "./caller.ts";
import { ekeyhmac } from "./ekeyhmac.ts";
import type { JsonAnswer } from "./http-exchange.ts";
import { CALL_BODY_BYTES, CHAFF_HEADER, chaffBody, paddedBody } from "./padding.ts";
import { errorName } from "./refusals.ts";
import { refusedPositions } from "./refused-positions.ts";
import type { CertificateToken, VerificationClient } from "./verification-client.ts";

/** For how many seconds publishing is begun again, each time with the same keys. */
const PUBLISH_PATIENCE = 20 * 60;

/** Bytes of the secret that binds a certificate to keys. */
const HMAC_KEY_BYTES = 32;

/** A key that its wearer agreed to publish. */
export interface KeyToPublish {
  /** 16 bytes. */
  readonly keyData: Uint8Array;
  /** First interval (ENIN). */
  readonly rollingStartIntervalNumber: number;
  /** 1..144 intervals. */
  readonly rollingPeriod: number;
}

/**
 * What a desk remembers of a wearer's publishing while the visit lasts, so that keys which were published
 * in it can be sent again with new ones. It is never stored.
 */
export class PublishingVisit {
  /** The server's proof of what was published in this visit; empty before. */
  revisionToken = "";
}

/** What goes with the keys. */
export interface PublishOptions {
  /** Interval (ENIN) in which the wearer's symptoms began. */
  readonly symptomOnsetInterval?: number | undefined;
  /** Whether the wearer was outside of the server's region in these days. */
  readonly traveler?: boolean | undefined;
  /** The wearer's visit; one without memory unless told. */
  readonly visit?: PublishingVisit | undefined;
  /**
   * Once it is aborted, an upload that failed is not sent again, as when patience has ended; the calls of a first attempt are
   * made to their end.
   */
  readonly signal?: AbortSignal | undefined;
}

/** What a publication achieved. Positions count the given keys from 1. */
export interface Published {
  /**
   * How many keys the server has stored; undefined when the answer that said so was lost, and a later one
   * says only that the server has keys of this upload.
   */
  readonly inserted: number | undefined;
  /** With which these keys could be sent again; empty when it was lost. */
  readonly revisionToken: string;
  /** Keys that the server did not take, because they break one of its rules. */
  readonly refused: readonly number[];
  /** Keys that the server left out with a warning: they are too far from the onset of symptoms. */
  readonly leftOut: readonly number[];
}

// Go leaves out what is zero or empty.
const publishAnswer = z.object({
  insertedExposures: z.int().min(0).default(0),
  revisionToken: z.string().default(""),
  code: z.string().default(""),
  error: z.string().default(""),
  warnings: z.array(z.string()).nullish(),
});

/** Refusals of keys that the server has already. */
const THERE_ALREADY: readonly string[] = ["keys-already-published", "keys-already-revised"];

/**
 * Refusals that an earlier attempt of the same upload can have caused, by being carried out before or at the
 * same time.
 */
const OPEN: readonly string[] = ["certificate-refused", "server-failed"];

/** The Failure for an answer that is too long to be read. */
const MALFORMED = "server-answer-malformed";

/**
 * Publishes keys (exposure-notifications-server, publish API v1, with certificates as in its
 * docs/design/verification_protocol.md).
 *
 * **Never twice.** The servers know a key again by its bytes, and take an upload whole or not at all. Every
 * attempt sends the very same body, so that a second one can only meet its own first: this project's
 * server answers that with success, Google's with `missing_revision_token`. A certificate that ends
 * meanwhile is renewed, for the same keys, only with a server that gives none any more once keys were
 * published for the same test. Where it stays open what became of an attempt, that is what is said.
 */
export class PublishClient {
  readonly #caller: Caller;
  readonly #verification: VerificationClient;
  readonly #healthAuthorityId: string;

  constructor(caller: Caller, verification: VerificationClient, healthAuthorityId: string) {
    this.#caller = caller;
    this.#verification = verification;
    this.#healthAuthorityId = healthAuthorityId;
  }

  /**
   * Publishes keys with a token for certificates, which is forgotten then.
   *
   * @throws Failure `token-invalid`, `already-used`, `test-not-positive`, `permission-lost`,
   *   `permission-ended`, `certificate-refused`, `health-authority-unknown`, `keys-already-published`,
   *   `keys-already-revised`, `report-not-changeable`, `keys-refused`, `publish-unconfirmed`
   */
  async publish(
    token: CertificateToken,
    keys: readonly KeyToPublish[],
    options: PublishOptions,
  ): Promise<Published> {
    const { pace, random } = this.#caller;
    const { signal } = options;
    const visit = options.visit ?? new PublishingVisit();
    const hmacKey = random(HMAC_KEY_BYTES);
    const sent = inOrder(keys);
    const content = this.#content(sent, hmacKey, options, visit);
    const hmac = ekeyhmac(content.temporaryExposureKeys, hmacKey);
    const patience = pace.now() + PUBLISH_PATIENCE;
    let uncertain = false;
    // A certificate may last shorter than a pause; the next one goes on where it ended.
    let failures = 0;
    for (;;) {
      const certificate = await this.#verification.certificate(token, hmac).catch((error) => {
        throw uncertain ? unconfirmed(token) : error;
      });
      const upload = { ...content, verificationPayload: certificate.jwt };
      const body = paddedBody(upload, "padding", CALL_BODY_BYTES, random);
      const until = Math.min(patience, certificate.until);
      const outcome = await this.#caller.attempt("v1/publish", body, until, failures, signal);
      const { last, pause } = outcome;
      uncertain ||= outcome.uncertain;
      failures = outcome.failures;
      if (pause === undefined) {
        const published = this.#conclude(last, keys, sent, uncertain, token);
        visit.revisionToken = published.revisionToken || visit.revisionToken;
        token.secret.forget();
        return published;
      }
      const isRenewed = token.renewable && pace.now() + pause <= patience;
      if (isRenewed) await pace.wait(pause, signal);
      if (isRenewed && !signal?.aborted) continue;
      if (isNotStored(last)) throw notStored(token);
      if (uncertain) throw unconfirmed(token);
      if (!token.renewable) throw permissionEnded();
      throw last instanceof Failure ? last : this.#caller.refusal(last);
    }
  }

  /** Sends an upload that means nothing. @returns whether there was an answer */
  chaff(): Promise<boolean> {
    return this.#caller.chaff("v1/publish", chaffBody(this.#caller.random), CHAFF_HEADER);
  }

  #content(
    keys: readonly KeyToPublish[],
    hmacKey: Uint8Array,
    { symptomOnsetInterval, traveler }: PublishOptions,
    { revisionToken }: PublishingVisit,
  ) {
    return {
      temporaryExposureKeys: keys.map((key) => ({
        key: base64(key),
        rollingStartNumber: key.rollingStartIntervalNumber,
        rollingPeriod: key.rollingPeriod,
        transmissionRisk: 0,
      })),
      healthAuthorityID: this.#healthAuthorityId,
      hmacKey: Buffer.from(hmacKey).toString("base64"),
      ...(symptomOnsetInterval !== undefined && { symptomOnsetInterval }),
      ...(traveler && { traveler }),
      ...(revisionToken && { revisionToken }),
    };
  }

  #conclude(
    last: JsonAnswer | Failure,
    keys: readonly KeyToPublish[],
    sent: readonly KeyToPublish[],
    uncertain: boolean,
    token: CertificateToken,
  ): Published {
    // What cannot be read may be a proxy's way of passing on a success.
    if (last instanceof Failure) {
      throw uncertain || last.code === MALFORMED ? unconfirmed(token) : last;
    }
    if (last.status > 299) {
      const refused = this.#caller.refusal(last);
      if (uncertain && THERE_ALREADY.includes(refused.code)) {
        return { inserted: undefined, revisionToken: "", refused: [], leftOut: [] };
      }
      throw uncertain && OPEN.includes(refused.code) ? unconfirmed(token) : refused;
    }
    const answer = publishAnswer.safeParse(last.status === 200 ? last.json : undefined);
    if (!answer.success) throw unconfirmed(token);
    const { insertedExposures, revisionToken, code, error, warnings } = answer.data;
    const positions = (texts: readonly string[]) =>
      refusedPositions(texts)
        .filter((index) => index < sent.length)
        .map((index) => keys.indexOf(sent[index]!) + 1)
        .sort((a, b) => a - b);
    const refused = positions(code === "partial_failure" ? [error] : []);
    const leftOut = positions(warnings ?? []);
    // Nothing new on a later attempt: an earlier one had arrived and only its answer was lost.
    const inserted =
      uncertain && insertedExposures === 0
        ? keys.length - refused.length - leftOut.length
        : insertedExposures;
    return { inserted, revisionToken, refused, leftOut };
  }
}

/**
 * Sorted by their text, as exposure-notifications-server sorts them before it counts them in its errors;
 * that also hides which of them is today's.
 */
function inOrder(keys: readonly KeyToPublish[]): KeyToPublish[] {
  return [...keys].sort((a, b) => (base64(a) < base64(b) ? -1 : 1));
}

function base64({ keyData }: KeyToPublish): string {
  return Buffer.from(keyData).toString("base64");
}

function isNotStored(last: JsonAnswer | Failure): boolean {
  return !(last instanceof Failure) && errorName(last.json) === NOT_STORED;
}

function permissionEnded(): Failure {
  return new Failure(
    "permission-ended",
    "The key server took no upload while the permission lasted, and nothing was published; have a new code issued.",
  );
}

function unconfirmed({ renewable }: CertificateToken): Failure {
  return new Failure(
    "publish-unconfirmed",
    renewable
      ? "The key server gave no answer that settles it, so that the keys may be published or not; look the code up again: if it is not used up, publish again."
      : "The key server gave no answer that settles it, so that the keys may be published or not; have a new code issued and share again: keys that are there already are refused then.",
  );
}

// Which of the two it is, the server does not say.
function notStored({ renewable }: CertificateToken): Failure {
  const next = renewable ? "look the code up again" : "have a new code issued";
  return new Failure(
    "publish-unconfirmed",
    `The key server went on failing to store the keys, so that they may be published or not: its database fails, or it has one of them with another length from an earlier visit; ${next} and share again, after an earlier visit with --since and its day, or tell who runs the server.`,
  );
}
