#!/usr/bin/env node
import { homedir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { type KeyServer, openKeyServer } from "./key-server.ts";
import { EXPORT_PUBLIC_KEY_FILE, LABORATORY_KEY_FILE } from "./secrets.ts";
import { StartError } from "./start-error.ts";

const UPKEEP_MINUTES = 5;

interface Options {
  data: string;
  port: number;
  host: string;
}

const program = new Command("saqbol-server")
  .description(
    "The embedded key server: test results, verification, publishing and exports for a pilot.",
  )
  .addOption(
    new Option("--data <directory>", "where database and keys are kept")
      .env("SAQBOL_SERVER_DATA")
      .default(defaultDataDir()),
  )
  .addOption(
    new Option("--port <number>", "TCP port; 0 takes a free one")
      .env("SAQBOL_SERVER_PORT")
      .default(8080)
      .argParser(parsePort),
  )
  .addOption(
    new Option("--host <address>", "address to listen on")
      .env("SAQBOL_SERVER_HOST")
      .default("127.0.0.1"),
  )
  .addHelpText(
    "after",
    `
Prints its address and the files with the key for laboratories (header X-API-Key)
and with the public key for desks (exports are signed as 401-v1). It speaks plain
HTTP: beyond this computer it belongs behind a TLS proxy.`,
  )
  .action(run);

program.parseAsync().catch((error: unknown) => {
  console.error(`saqbol-server: ${explain(error, program.opts<Options>())}`);
  process.exitCode = 1;
});

async function run({ data, port, host }: Options): Promise<void> {
  const server = openKeyServer({ dataDir: data, now: () => Date.now() / 1000 });
  const listening = await server.listen({ port, host }).catch((error: unknown) => {
    server.close();
    throw error;
  });
  upkeep(server);
  const timer = setInterval(() => upkeep(server), UPKEEP_MINUTES * 60_000);

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    clearInterval(timer);
    await listening.close();
    server.close();
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);

  console.log(`Key server:        ${listening.url}`);
  console.log(`Laboratory key:    ${join(data, LABORATORY_KEY_FILE)}`);
  console.log(`Export public key: ${join(data, EXPORT_PUBLIC_KEY_FILE)}`);
  console.log("Stop with Ctrl-C.");
}

/** A fault here (such as a full disk) must not end the service; the next turn tries again. */
function upkeep(server: KeyServer): void {
  try {
    server.deleteExpired();
    const files = server.createExports();
    if (files > 0) console.log(`Made ${files} export file(s).`);
  } catch (error) {
    console.error(`fault: upkeep: ${error instanceof Error ? error.message : "unknown"}`);
  }
}

function defaultDataDir(): string {
  const { XDG_DATA_HOME } = process.env;
  return join(XDG_DATA_HOME || join(homedir(), ".local", "share"), "saqbol-server");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new InvalidArgumentError("It must be a number from 0 to 65535.");
  }
  return port;
}

function explain(error: unknown, { data, port, host }: Options): string {
  if (error instanceof StartError) return error.message;
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (code === "EACCES" && syscall === "listen") {
    return `Port ${port} needs more rights than this user has; choose one above 1023 with --port.`;
  }
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use; choose another with --port.`;
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
