import { Failure } from "../failure.ts";

/** Parses the address of a server and makes sure that paths can be put below it. */
export function baseAddress(address: string): URL {
  const directory = address.endsWith("/") ? address : `${address}/`;
  if (URL.canParse(directory)) {
    const url = new URL(directory);
    if (/^https?:$/.test(url.protocol) && !url.search && !url.hash) return url;
  }
  throw new Failure(
    "server-address-invalid",
    "A server address in the settings is not an http or https address; correct it.",
  );
}

/**
 * What a path may be made of (RFC 3986, "pchar" and "/"). Escaped dots, slashes, backslashes, percent signs and
 * control characters are refused, since a server behind may read %2e%2e%2f as a way upwards.
 */
const PATH = /^(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%(?!2[ef5]|5c|7f)[2-9a-f][0-9a-f])+$/i;

/**
 * The address of an export file that an index names. It must lie below the configured address: an
 * index can be tampered with.
 *
 * @throws Failure `export-path-refused`
 */
export function exportAddress(base: URL, path: string): URL {
  if (PATH.test(path) && URL.canParse(path, base.href)) {
    const url = new URL(path, base);
    if (url.href.startsWith(base.href) && url.href !== base.href) return url;
  }
  throw new Failure(
    "export-path-refused",
    "The key server's index names a file outside its export directory; nothing was downloaded.",
  );
}
