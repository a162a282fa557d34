import { StartError } from "./start-error.ts";

/** What the server was started with. */
interface StartOptions {
  readonly data?: string;
  readonly port?: number;
  readonly host?: string;
}

/** One sentence on why the server, or one of its commands, could not start, and what to do. */
export function explainStartFailure(error: unknown, { data, port, host }: StartOptions): string {
  if (error instanceof StartError) return error.message;
  const failure = error as NodeJS.ErrnoException & { readonly port?: number };
  const { code, message, syscall } = failure;
  // There are two: Node tells which.
  const wanted = failure.port ?? port;
  if (code === "EACCES" && syscall === "listen") {
    return `Port ${wanted} needs more rights than this user has; choose one above 1023 with --port.`;
  }
  switch (code) {
    case "EADDRINUSE":
      return `Port ${wanted} on ${host} is in use; choose another with --port.`;
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
