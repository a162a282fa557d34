/**
 * Options that several commands share.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { TrustedKey } from "../exports/export-file.ts";
import { Failure } from "../failure.ts";
import {
  KeyServerClient,
  type PublishingPermission,
  publishingNotConnected,
} from "../servers/key-server-client.ts";
import { defaultSettingsFile } from "../settings/default-place.ts";
import { embeddedServer } from "../settings/embedded-server.ts";
import { readSettings, type Settings } from "../settings/settings.ts";
import { readInput } from "./files.ts";
import { tell } from "./terminal.ts";

/** `--settings FILE`, and `--server URL` for this project's own server without a file. */
export function settingsOptions(): Option[] {
  return [
    new Option(
      "--settings <file>",
      "which server speaks what, see `saqbol settings --help` (default: ~/.config/saqbol/settings.json, if it is there)",
    ).env("SAQBOL_SETTINGS"),
    new Option(
      "--server <url>",
      "instead of a settings file: base address of a saqbol-server, which speaks everything",
    ).env("SAQBOL_SERVER"),
  ];
}

/** `--server URL`. */
export function serverOption(): Option {
  return new Option("--server <url>", "base address of the key server")
    .env("SAQBOL_SERVER")
    .makeOptionMandatory();
}

/** `--region CODE`. */
export function regionOption(): Option {
  return new Option("--region <code>", "region of the exports").env("SAQBOL_REGION").default("KZ");
}

/** `--public-key FILE`, `--key-id ID` and `--key-version VERSION`. */
export function trustedKeyOptions(): Option[] {
  return [
    new Option("--public-key <file>", "public key of the export signature, PEM")
      .env("SAQBOL_PUBLIC_KEY")
      .makeOptionMandatory(),
    new Option("--key-id <id>", "id of that key in the exports").default("401"),
    new Option("--key-version <version>", "version of that key in the exports").default("v1"),
  ];
}

/** `--json`. */
export function jsonOption(): Option {
  return new Option("--json", "print one JSON object");
}

/** What {@link settingsOptions} give. */
export interface SettingsValues {
  readonly settings?: string;
  readonly server?: string;
}

/** What {@link trustedKeyOptions} give. */
export interface TrustedKeyValues {
  readonly publicKey: string;
  readonly keyId: string;
  readonly keyVersion: string;
}

/** Reads the trusted key. @throws Failure `file-unreadable` */
export function trustedKeyOf(values: TrustedKeyValues): TrustedKey {
  return {
    id: values.keyId,
    version: values.keyVersion,
    pem: Buffer.from(readInput(values.publicKey)).toString("utf8"),
  };
}

/**
 * The settings that a command is to use: of the options first, then of the environment, then of the
 * default place. Ends the command as wrong usage when there are none.
 *
 * @param region - of the exports, and the keys that sign them, for `--server`
 * @throws Failure `settings-ambiguous`, `settings-missing`, `settings-invalid`
 */
export function settingsOf(
  { server, settings }: SettingsValues,
  command: Command,
  region = "KZ",
  publicKeys: readonly TrustedKey[] = [],
): Settings {
  const onCommandLine = (name: string) => command.getOptionValueSource(name) === "cli";
  if (server !== undefined && settings !== undefined) {
    if (onCommandLine("server") === onCommandLine("settings")) {
      throw new Failure(
        "settings-ambiguous",
        "Both a server and a settings file are named; leave one of --server and --settings out, or of SAQBOL_SERVER and SAQBOL_SETTINGS.",
      );
    }
    if (onCommandLine("settings")) return readSettings(settings);
  }
  if (server !== undefined) return embeddedServer(server, region, publicKeys);
  const file = settings ?? defaultSettingsFile();
  if (file !== undefined) return readSettings(file);
  return command.error(
    "error: No server is known; name a settings file with --settings, or a server with --server.",
    { exitCode: 2 },
  );
}

/** A client for the servers of the settings; tells a person when it has to wait for one. */
export function deskClient(settings: Settings): KeyServerClient {
  const { verification, publish } = settings;
  const source = settings.exports[0];
  return new KeyServerClient({
    testResultsUrl: settings.testResultsUrl ?? null,
    verificationUrl: verification?.url ?? null,
    apiKey: verification?.apiKey,
    accept: verification?.accept,
    keyServerUrl: publish?.url ?? null,
    healthAuthorityId: publish?.healthAuthorityId ?? "",
    exportBaseUrl: source?.baseUrl ?? "https://localhost",
    region: source?.region ?? "",
    onPause: (seconds) =>
      tell(`The server cannot take the call now; trying again in ${Math.ceil(seconds)} s.`),
  });
}

/** What publications begin with by these settings. @throws Failure `publishing-not-connected` */
export function permissionOf({ verification, publish }: Settings): PublishingPermission["kind"] {
  if (verification && publish) return verification.token;
  throw publishingNotConnected();
}

/** A client for a server that speaks all protocols at one address. */
export function clientOf(server: string, region: string): KeyServerClient {
  return deskClient(embeddedServer(server, region, []));
}
