import { StartError } from "./start-error.ts";

/** What the server was started with. */
interface StartOptions {
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
  readonly metricsPort?: number;
}

/** One sentence on why the server, or one of its commands, could not start, and what to do. */
export function explainStartFailure(error: unknown, options: StartOptions): string {
  if (error instanceof StartError) return error.message;
  const { data, host, metricsPort } = options;
  const failure = error as NodeJS.ErrnoException & { readonly port?: number; address?: string };
  const { code, message, syscall } = failure;
  // There are two: Node tells which.
  const port = failure.port ?? options.port;
  const option = port === metricsPort ? "--metrics-port" : "--port";
  if (code === "EACCES" && syscall === "listen") {
    return `Port ${port} needs more rights than this user has; choose one above 1023 with ${option}.`;
  }
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${failure.address ?? host} is in use; choose another with ${option}.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `The address ${host} is not one of this computer; choose another with --host.`;
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "EEXIST":
    case "ENOENT":
    case "ENOTDIR":
      return `The directory ${data} cannot be made or written (${code}); choose another with --data.`;
    case "SQLITE_NOTADB":
    case "SQLITE_CORRUPT":
      return `The database in ${data} is damaged; restore it or start with an empty --data directory.`;
    default:
      return message;
  }
}
