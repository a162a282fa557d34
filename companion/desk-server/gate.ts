/**
 * Which requests are looked at at all. Any page in any tab, and any user of this computer, can send requests to the
 * desk's port; this refuses what cannot have come from the desk's own page or from the person at the browser.
 *
 * @module
 */

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 405 | 415;
  readonly code: string;
  /** One sentence, which repeats nothing of the request. */
  readonly message: string;
}

/** What the gate looks at: a part of Node's `IncomingMessage`. */
export interface GateRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  /** Names and values in turn, in which nothing was joined or dropped. */
  readonly rawHeaders: readonly string[];
}

/**
 * Looks at a request.
 *
 * @param authority - address and port that the desk listens on, such as `127.0.0.1:4242`; nothing else is its name, so that a
 *   page whose name was made to resolve to this computer (DNS rebinding) gets nothing
 * @returns undefined when it may pass
 */
export function refusalOf(request: GateRequest, authority: string): Refusal | undefined {
  const { method, url, rawHeaders } = request;
  const headers = (name: string) => valuesOf(rawHeaders, name);
  const origins = headers("origin");
  const hosts = headers("host");
  if (hosts.length !== 1 || hosts[0] !== authority) return REFUSALS.host;
  if (origins.some((origin) => origin !== `http://${authority}`)) return REFUSALS.origin;
  if (headers("sec-fetch-site").some((site) => !OWN_SITES.includes(site))) return REFUSALS.site;
  if (!url?.startsWith("/")) return REFUSALS.url;
  if (method === "GET") return undefined;
  if (method !== "POST") return REFUSALS.method;
  // Browsers name the origin of every POST, and a form cannot post JSON.
  if (origins.length === 0) return REFUSALS.origin;
  const types = headers("content-type");
  if (types.length !== 1 || !/^application\/json\s*(;|$)/i.test(types[0]!)) return REFUSALS.type;
  return undefined;
}

/**
 * A server as browsers name it: without the port that `http` has by itself (URL Standard, section 4.4).
 *
 * @param address - such as `127.0.0.1`
 */
export function authorityOf(address: string, port: number): string {
  return new URL(`http://${address}:${port}`).host;
}

/** Where a browser says that a request comes from (Fetch Metadata): the desk's own page, or the person. */
const OWN_SITES: readonly string[] = ["same-origin", "none"];

const REFUSALS = {
  host: {
    status: 403,
    code: "wrong-host",
    message: "The desk is reached only at the address that saqbol desk shows; open that one.",
  },
  origin: {
    status: 403,
    code: "wrong-origin",
    message: "The desk takes requests only from its own page; open the one that saqbol desk shows.",
  },
  site: {
    status: 403,
    code: "wrong-site",
    message: "The desk is not opened from other pages; type the address that saqbol desk shows.",
  },
  url: {
    status: 400,
    code: "address-malformed",
    message: "The request has no path; ask for one that begins with a slash.",
  },
  method: {
    status: 405,
    code: "method-wrong",
    message: "The desk knows no such method; use GET or POST.",
  },
  type: {
    status: 415,
    code: "content-type-wrong",
    message: "The desk takes JSON only; send it with the content type application/json.",
  },
} as const satisfies Record<string, Refusal>;

function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name,
  );
}
