/**
 * Options that several commands share.
 *
 * @module
 */
import { type Command, Option } from "commander";
import type { TrustedKey } from "../exports/export-file.ts";
import { readPublicKey } from "../exports/public-key.ts";
import { Failure } from "../failure.ts";
import {
  KeyServerClient,
  type PublishingPermission,
  publishingNotConnected,
} from "../servers/key-server-client.ts";
import { defaultSettingsFile } from "../settings/default-place.ts";
import { embeddedServer } from "../settings/embedded-server.ts";
import { readSettings, type Settings } from "../settings/settings.ts";
import { isServerAddress } from "../settings/settings-file.ts";
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

/** `--public-key FILE`, `--key-id ID` and `--key-version VERSION`. */
export function trustedKeyOptions(): Option[] {
  return [
    new Option("--public-key <file>", "public key of the export signature, PEM").env(
      "SAQBOL_PUBLIC_KEY",
    ),
    new Option("--key-id <id>", "id of that key in the exports").default("401"),
    new Option("--key-version <version>", "version of that key in the exports").default("v1"),
  ];
}

/** Options that mean something with `--server` alone. */
const EMBEDDED_ONLY = ["region", "publicKey", "keyId", "keyVersion"] as const;

/** {@link settingsOptions}, and what `--server` needs besides for the download of exports. */
export function exportSourceOptions(): Option[] {
  return [
    ...settingsOptions(),
    new Option("--region <code>", "with --server: region of the exports")
      .env("SAQBOL_REGION")
      .default("KZ"),
    ...trustedKeyOptions(),
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
  readonly publicKey?: string;
  readonly keyId: string;
  readonly keyVersion: string;
}

/** What {@link exportSourceOptions} give. */
export interface ExportSourceValues extends SettingsValues, TrustedKeyValues {
  readonly region: string;
}

/** Reads the trusted key; ends the command as wrong usage when none is named. @throws Failure `file-unreadable`, `trusted-key-invalid` */
export function trustedKeyOf(values: TrustedKeyValues, command: Command): TrustedKey {
  const file =
    values.publicKey ??
    command.error("error: No public key is known; name it with --public-key.", { exitCode: 2 });
  const pem = Buffer.from(readInput(file)).toString("utf8");
  if (readPublicKey(pem)) return { id: values.keyId, version: values.keyVersion, pem };
  throw new Failure(
    "trusted-key-invalid",
    `The file ${file} is not an ECDSA P-256 public key in PEM; name the one that the key server's operator gives out.`,
  );
}

/**
 * The settings that a command is to use: of the options first, then of the environment, then of the
 * default place. Ends the command as wrong usage when there are none.
 *
 * @param embedded - settings for `--server`
 * @param otherwise - settings for a command that works without any
 * @throws Failure `settings-ambiguous`, `settings-missing`, `settings-invalid`
 */
export function settingsOf(
  { server, settings }: SettingsValues,
  command: Command,
  embedded: (server: string) => Settings = embeddedServer,
  otherwise?: Settings,
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
  if (server !== undefined) {
    if (isServerAddress(server)) return embedded(server);
    throw new Failure(
      "server-address-invalid",
      "The address of --server or SAQBOL_SERVER must begin with https (http only for a server on this computer); correct it.",
    );
  }
  const file = settings ?? defaultSettingsFile();
  if (file !== undefined) return readSettings(file);
  if (otherwise) return otherwise;
  return command.error(
    "error: No server is known; name a settings file with --settings, or a server with --server.",
    { exitCode: 2 },
  );
}

/** The same for a command that downloads exports. @throws Failure those of {@link settingsOf}, `file-unreadable` */
export function exportSettingsOf(
  values: ExportSourceValues,
  command: Command,
  otherwise?: Settings,
): Settings {
  const given = EMBEDDED_ONLY.find((name) => command.getOptionValueSource(name) === "cli");
  if (given !== undefined && values.server === undefined) {
    const option = given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return command.error(
      `error: The option --${option} belongs to --server; a settings file has its own regions and keys.`,
      { exitCode: 2 },
    );
  }
  const embedded = (server: string) =>
    embeddedServer(server, {
      region: values.region,
      trustedKeys: [trustedKeyOf(values, command)],
    });
  return settingsOf(values, command, embedded, otherwise);
}

/**
 * A client for the servers of the settings; for none without them.
 *
 * @param onPause - is told when it has to wait for one, how many seconds; says so to a person unless told
 */
export function deskClient(
  { testResultsUrl, verification, publish }: Partial<Settings> = {},
  onPause: (seconds: number) => void = tellPause,
): KeyServerClient {
  return new KeyServerClient({
    testResultsUrl: testResultsUrl ?? null,
    verificationUrl: verification?.url ?? null,
    apiKey: verification?.apiKey,
    accept: verification?.accept,
    keyServerUrl: publish?.url ?? null,
    healthAuthorityId: publish?.healthAuthorityId ?? "",
    onPause,
  });
}

/** Says to a person that a server is called again after so many seconds. */
export function tellPause(seconds: number): void {
  tell(`The server cannot take the call now; trying again in ${Math.ceil(seconds)} s.`);
}

/** What publications begin with by these settings. @throws Failure `publishing-not-connected` */
export function permissionOf({ verification, publish }: Settings): PublishingPermission["kind"] {
  if (verification && publish) return verification.token;
  throw publishingNotConnected();
}
