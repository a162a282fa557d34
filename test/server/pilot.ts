import { createHash } from "node:crypto";
import { onTestFinished } from "vitest";
import { KeyServerClient } from "../../companion/servers/key-server-client.ts";
import { type KeyServer, type KeyServerOptions, openKeyServer } from "../../server/key-server.ts";
import { parseTrustedProxies } from "../../server/trusted-proxies.ts";

/** 2020-09-15T13:30:00Z: ENIN 2666961, in the batch that begins at 12:00. */
export const START = 1_600_176_600;
export const TODAY = 2_666_880;

/** Deterministic bytes (SHA-256 in counter mode), so that a failure repeats. */
export function seededRandom(seed: string): (length: number) => Uint8Array {
  let counter = 0;
  return (length) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, () =>
      createHash("sha256").update(`${seed} ${counter++}`).digest(),
    );
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
}

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at arbitrary JSON
  json: any;
}

/** A key server on a loopback port with a clock that the test moves. */
export class Pilot {
  time = START;
  server!: KeyServer;
  url = "";

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.send(path, JSON.stringify(body), headers);
  }

  async send(path: string, body: string, headers: Record<string, string> = {}): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      json: parse(text),
    };
  }

  get(path: string): Promise<Response> {
    return fetch(this.url + path);
  }

  laboratory(path: string, body: unknown): Promise<Reply> {
    return this.post(`/laboratory/v1/${path}`, body, { "x-api-key": this.server.laboratoryKey });
  }

  /** Registers a code and, unless it is to stay pending, enters its result. */
  async test(code: string, result?: "negative" | "positive" | "invalid"): Promise<void> {
    await this.laboratory("samples", { code });
    if (result) await this.laboratory("results", { code, result });
  }

  lookUp(code: string, headers: Record<string, string> = {}): Promise<Reply> {
    const key = createHash("sha256").update(code).digest("hex");
    return this.post("/version/v1/registrationToken", { keyType: "GUID", key }, headers);
  }

  /** Calls the interface of those who issue codes. */
  admin(path: string, body: unknown): Promise<Reply> {
    return this.post(`/api/${path}`, body, { "x-api-key": this.server.adminKey });
  }

  /** Calls the interface of desks and apps. */
  device(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    return this.post(`/api/${path}`, body, { "x-api-key": this.server.deviceKey, ...headers });
  }

  /** Issues a code and exchanges it for a token. */
  async verified(testType: string, dates: Record<string, string> = {}): Promise<string> {
    const { json } = await this.admin("issue", { testType, testDate: "2020-09-15", ...dates });
    return (await this.device("verify", { code: json.code })).json.token;
  }

  /** The registration token of a new positive test. */
  async positive(code: string): Promise<string> {
    await this.test(code, "positive");
    return (await this.lookUp(code)).json.registrationToken;
  }

  /** The paths of the export files, oldest first. */
  async exportPaths(): Promise<string[]> {
    const index = await (await this.get("/exports/KZ/index.txt")).text();
    return index.split("\n").filter((path) => path !== "");
  }

  /** One of {@link exportPaths}. */
  async exportFile(path: string): Promise<Uint8Array> {
    return new Uint8Array(await (await this.get(`/exports/${path}`)).arrayBuffer());
  }

  client(overrides: { fetch?: typeof fetch } = {}): KeyServerClient {
    return new KeyServerClient({
      verificationUrl: this.url,
      keyServerUrl: this.url,
      healthAuthorityId: this.server.healthAuthorityId,
      ...overrides,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Starts a pilot that stops at the end of the test. */
export async function startPilot(
  dataDir = ":memory:",
  options: Partial<KeyServerOptions> = {},
): Promise<Pilot> {
  const pilot = new Pilot();
  pilot.server = openKeyServer({
    dataDir,
    now: () => pilot.time,
    random: seededRandom("pilot"),
    // Everybody stands behind one proxy, so that a test can call from many addresses.
    proxies: parseTrustedProxies("1")!,
    ...options,
  });
  const listening = await pilot.server.listen({ port: 0 });
  pilot.url = listening.url;
  onTestFinished(async () => {
    await listening.close();
    pilot.server.close();
  });
  return pilot;
}
