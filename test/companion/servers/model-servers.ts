import { ekeyhmac, type RequestKey } from "../../../companion/servers/ekeyhmac.ts";
import type { VirtualPace } from "../../support/virtual-pace.ts";

/** What happens to one request. */
export type Fate =
  | { readonly kind: "answered" }
  /** Nothing was sent: there is no connection. */
  | { readonly kind: "refused" }
  | { readonly kind: "request lost" }
  | { readonly kind: "answer lost" }
  /** The request waits on the way and is carried out behind the next one, or at the end. */
  | { readonly kind: "late" }
  /** The network delivers it twice; the second answer comes back. */
  | { readonly kind: "doubled" }
  | { readonly kind: "too many"; readonly retryAfter?: number }
  | { readonly kind: "server fails" }
  /** Somebody on the way, such as a hotel, answers in its place. */
  | { readonly kind: "redirected" }
  /** A proxy answers 502 although the server has carried it out. */
  | { readonly kind: "proxy fails" }
  /** The key server's database fails; any other call is answered 500. */
  | { readonly kind: "database fails" }
  /** The same, although the database has stored what it was given. */
  | { readonly kind: "database fails late" }
  /** The server has carried it out, but what comes back is a proxy's HTML, with status 200. */
  | { readonly kind: "answered with nonsense" }
  /** The server has carried it out, but its answer is longer than a client reads. */
  | { readonly kind: "answered at length" };

interface Reply {
  readonly status: number;
  readonly json: object;
}

interface Certificate {
  readonly tekmac: string;
  readonly until: number;
  redeemed: boolean;
}

/**
 * A model of verification server and key server: Google's, where a code gives one token and that one
 * certificate; or this project's, where a registration token gives certificates until keys were
 * published for its test. Requests meet the fates of a script, then are answered.
 */
export class ModelServers {
  /** How often each key (base64) was stored. */
  readonly stored = new Map<string, number>();
  /** Keys (base64) that the server has with another period than the one they come with. */
  readonly withOtherPeriod = new Set<string>();
  /** Seconds that a certificate lasts. */
  lifetime = 15 * 60;
  /** Whether every upload is answered 503. */
  down = false;
  /** Requests of any kind. */
  requests = 0;
  /** Uploads that stored something. */
  uploads = 0;
  /** Bodies of publish calls that were sent, by certificate. */
  readonly bodies = new Map<string, Set<string>>();
  readonly #kind: "google" | "embedded";
  readonly #pace: VirtualPace;
  readonly #fates: Fate[];
  readonly #late: (() => void)[] = [];
  readonly #tokens = new Set<string>();
  readonly #codes: Set<string>;
  readonly #certificates = new Map<string, Certificate>();
  #redeemed = false;
  #names = 0;

  /** @param fates - of the requests, in their order */
  constructor(
    kind: "google" | "embedded",
    pace: VirtualPace,
    fates: readonly Fate[],
    code: string,
  ) {
    this.#kind = kind;
    this.#pace = pace;
    this.#fates = [...fates];
    this.#codes = new Set([code]);
    if (kind === "embedded") this.#tokens.add(code);
  }

  /** Carries out what is still on the way. */
  settle(): void {
    for (const carryOut of this.#late.splice(0)) carryOut();
  }

  readonly fetch: typeof globalThis.fetch = async (url, init) => {
    const path = new URL(String(url)).pathname;
    this.requests++;
    const body = String(init?.body);
    if (path === "/v1/publish") {
      const jwt = JSON.parse(body).verificationPayload;
      this.bodies.set(jwt, (this.bodies.get(jwt) ?? new Set()).add(body));
    }
    const fate = this.#fates.shift() ?? { kind: "answered" };
    const carryOut = () => this.#carryOut(path, JSON.parse(body));
    const waiting = this.#late.splice(0);
    // Each request takes a while; one that waited before it comes through behind it.
    this.#pace.time += 1;
    try {
      return this.#meet(fate, path, carryOut);
    } finally {
      for (const late of waiting) late();
    }
  };

  #meet(fate: Fate, path: string, carryOut: () => Reply): Response {
    switch (fate.kind) {
      case "answered":
        return respond(carryOut());
      case "refused":
        throw failed({ syscall: "connect", code: "ECONNREFUSED" });
      case "redirected":
        throw failed(new Error("unexpected redirect"));
      case "request lost":
        throw failed({ code: "ECONNRESET" });
      case "answer lost":
        carryOut();
        throw failed({ code: "ECONNRESET" });
      case "late":
        this.#late.push(carryOut);
        throw failed({ name: "TimeoutError" });
      case "doubled":
        carryOut();
        return respond(carryOut());
      case "too many":
        return new Response("Too Many Requests\n", {
          status: 429,
          headers: fate.retryAfter === undefined ? {} : { "retry-after": String(fate.retryAfter) },
        });
      case "server fails":
        return respond({ status: 500, json: { errorCode: "internal_server_error" } });
      case "database fails late":
        carryOut();
        return respond(databaseFails(path));
      case "database fails":
        return respond(databaseFails(path));
      case "proxy fails":
        carryOut();
        return new Response("<html>", { status: 502 });
      case "answered with nonsense":
        carryOut();
        return new Response("<html>");
      case "answered at length":
        return respond({ ...carryOut(), json: { padding: "x".repeat(70_000) } });
    }
  }

  #carryOut(path: string, request: Record<string, string>): Reply {
    switch (path) {
      case "/api/verify":
        return this.#verify(request["code"]!);
      case "/api/certificate":
        return this.#certify(request["token"]!, request["ekeyhmac"]!);
      default:
        return this.#publish(request as never);
    }
  }

  #verify(code: string): Reply {
    if (!this.#codes.delete(code)) return { status: 400, json: { errorCode: "code_invalid" } };
    const token = `token ${this.#names++}`;
    this.#tokens.add(token);
    return { status: 200, json: { testtype: "confirmed", token } };
  }

  #certify(token: string, tekmac: string): Reply {
    const usable = this.#kind === "google" ? this.#tokens.delete(token) : this.#tokens.has(token);
    if (!usable) {
      const errorCode = this.#kind === "google" ? "token_expired" : "token_invalid";
      return { status: 400, json: { errorCode } };
    }
    const iat = this.#pace.now() - 5;
    const exp = this.#pace.now() + this.lifetime;
    const claims = Buffer.from(JSON.stringify({ iat, exp, n: this.#names++ })).toString(
      "base64url",
    );
    const certificate = `e30.${claims}.sig`;
    this.#certificates.set(certificate, { tekmac, until: exp, redeemed: false });
    return { status: 200, json: { certificate } };
  }

  #publish(request: {
    temporaryExposureKeys: RequestKey[];
    verificationPayload: string;
    hmacKey: string;
  }): Reply {
    if (this.down) return { status: 503, json: {} };
    const { temporaryExposureKeys: keys, verificationPayload, hmacKey } = request;
    const certificate = this.#certificates.get(verificationPayload);
    const there = keys.filter(({ key }) => this.stored.has(key));
    if (
      !certificate ||
      certificate.until < this.#pace.now() ||
      certificate.tekmac !== ekeyhmac(keys, Buffer.from(hmacKey, "base64"))
    ) {
      return refuse(401, "health_authority_verification_certificate_invalid");
    }
    if (this.#kind === "embedded" && certificate.redeemed) return { status: 200, json: {} };
    if (this.#kind === "embedded" && this.#redeemed) {
      return refuse(401, "health_authority_verification_certificate_invalid");
    }
    if (keys.some(({ key }) => this.withOtherPeriod.has(key))) return refuse(400, "internal_error");
    if (there.length > 0) return refuse(400, "missing_revision_token");
    for (const { key } of keys) this.stored.set(key, (this.stored.get(key) ?? 0) + 1);
    this.uploads++;
    certificate.redeemed = true;
    if (this.#kind === "embedded") {
      this.#redeemed = true;
      this.#tokens.clear();
    }
    return { status: 200, json: { insertedExposures: keys.length, revisionToken: "proof" } };
  }
}

function refuse(status: number, code: string): Reply {
  return { status, json: { code, error: "refused" } };
}

function databaseFails(path: string): Reply {
  return path === "/v1/publish"
    ? refuse(400, "internal_error")
    : { status: 500, json: { errorCode: "internal_server_error" } };
}

function respond({ status, json }: Reply): Response {
  return Response.json(json, { status });
}

// As undici's fetch has it.
function failed(cause: object): TypeError {
  return new TypeError("fetch failed", { cause });
}
