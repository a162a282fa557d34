import { createHash } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { bytesField, exportBin, intField, message, tekSignature, zipped } from "./make-export.ts";

/** 2020-09-15T12:00Z. */
export const NOON = 1_600_171_200;
const HOUR = 3600;

/** What a made file differs in. */
export interface MadeExport {
  /** KZ unless told; empty for a file that names none. */
  region?: string;
  /** Unix seconds. */
  end?: number;
  batch?: readonly [number: number, size: number];
  revised?: readonly number[];
  /** Bytes that nobody reads, to make it larger. */
  ballast?: number;
}

/** A signed file with keys whose bytes are all one number. */
export function madeExport(
  fills: readonly number[],
  made: MadeExport = {},
  sign: Parameters<typeof tekSignature>[1] = {},
): Uint8Array {
  const { region = "KZ", end = NOON, batch, revised = [], ballast = 0 } = made;
  const bin = exportBin((writer) => {
    writer.tag(1, 1).fixed64(end - 4 * HOUR);
    writer.tag(2, 1).fixed64(end);
    bytesField(writer, 3, region);
    if (batch) {
      intField(writer, 4, batch[0]);
      intField(writer, 5, batch[1]);
    }
    for (const fill of fills) bytesField(writer, 7, key(fill, 1));
    for (const fill of revised) bytesField(writer, 8, key(fill, 5));
    let noise = createHash("sha512").update(String(fills)).digest();
    for (let left = ballast; left > 0; left -= 64) {
      bytesField(writer, 99, noise);
      noise = createHash("sha512").update(noise).digest();
    }
  });
  return zipped(bin, [tekSignature(bin, sign)]);
}

function key(fill: number, reportType: number): Uint8Array {
  return message((writer) => {
    bytesField(writer, 1, new Uint8Array(16).fill(fill));
    intField(writer, 3, 2_666_736);
    intField(writer, 5, reportType);
  });
}

/** A request as it came. */
export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  status: number;
}

/** A web server for exports on loopback, whose faults a test chooses. */
export class ExportHost {
  /** By path below `/files/`. */
  readonly files = new Map<string, Uint8Array>();
  /** Lines of `/lists/index.txt`; all files in order of their insertion unless set. */
  index: string[] | undefined;
  etags = true;
  /** Answers instead of the host when it returns true. */
  fault: (path: string, response: ServerResponse, bytes: Buffer) => boolean = () => false;
  readonly requests: SeenRequest[] = [];
  url = "";

  get indexUrl(): string {
    return `${this.url}/lists/index.txt`;
  }

  get baseUrl(): string {
    return `${this.url}/files/`;
  }

  /** Paths of the files asked for since the last call. */
  asked(): string[] {
    const paths = this.requests
      .filter(({ path }) => path.startsWith("/files/"))
      .map(({ path }) => path.slice("/files/".length));
    this.requests.length = 0;
    return paths;
  }

  answer(path: string, headers: IncomingHttpHeaders, response: ServerResponse): void {
    const isIndex = path === "/lists/index.txt";
    const found = isIndex
      ? Buffer.from((this.index ?? [...this.files.keys()]).join("\n"))
      : this.files.get(path.slice("/files/".length));
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    const bytes = Buffer.from(found);
    if (this.fault(path, response, bytes)) return;
    const etag = etagOf(bytes);
    if (this.etags) response.setHeader("etag", etag);
    if (this.etags && headers["if-none-match"] === etag) {
      response.writeHead(304).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1] ?? 0);
    if (from > 0 && this.etags && headers["if-range"] === etag) {
      if (from >= bytes.length) {
        response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
        return;
      }
      response.setHeader("content-range", `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
      response.setHeader("content-length", bytes.length - from);
      response.writeHead(206).end(bytes.subarray(from));
      return;
    }
    response.setHeader("content-length", bytes.length);
    response.writeHead(200).end(bytes);
  }
}

/** The version that a host names for a file. */
export function etagOf(bytes: Uint8Array): string {
  return `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
}

/** Starts a host that stops at the end of the test. */
export async function startHost(): Promise<ExportHost> {
  const host = new ExportHost();
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    const seen = { path, headers: request.headers, status: 0 };
    host.requests.push(seen);
    response.on("close", () => {
      seen.status = response.statusCode;
    });
    host.answer(path, request.headers, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return host;
}
