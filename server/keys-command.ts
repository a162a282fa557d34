import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { Argument, type Command, InvalidArgumentError } from "commander";
import { EXPORT_KEY_ID, exportKeyVersion } from "./export-file.ts";
import {
  ensureKeyVersions,
  KEY_KINDS,
  type KeyKindName,
  type KeyVersion,
  keyVersions,
  retireKey,
  rotateKey,
} from "./key-versions.ts";
import { openSecretStore, type SecretStore } from "./secret-store.ts";
import { openSecrets } from "./secrets.ts";
import { StartError } from "./start-error.ts";

const KINDS = Object.keys(KEY_KINDS) as KeyKindName[];

/** What `--json` prints of a key; never a secret. */
interface ListedKey {
  readonly kind: KeyKindName;
  readonly version: number;
  /** Whether it makes what is new; older ones only recognise what is there, or sign beside it. */
  readonly newest: boolean;
  readonly file: string;
  /** Of keys that sign. */
  readonly publicFile?: string;
  /** By which exports or certificates name it. */
  readonly keyId?: string;
  /** When its file was made, ISO 8601. */
  readonly since: string;
}

interface Options {
  readonly data: string;
  readonly json?: boolean;
}

/** Adds `saqbol-server keys`, which lists, makes and deletes versions of the server's keys. */
export function addKeys(program: Command): void {
  const kind = () => new Argument("<kind>", "which key").choices(KINDS).argRequired();
  const keys = program
    .command("keys")
    .description(
      "List, rotate and retire the server's keys; a running server has to be restarted.",
    );
  keys
    .command("list")
    .description("list all keys, newest first")
    .option("--json", "print one JSON array")
    .action((_: unknown, command: Command) => {
      const { data, json } = command.optsWithGlobals<Options>();
      const listed = list(data);
      if (json) console.log(JSON.stringify(listed));
      else for (const key of listed) console.log(describe(key));
    });
  keys
    .command("rotate")
    .description("make a new version of a key; those before it stay valid")
    .addArgument(kind())
    .action((name: KeyKindName, _: unknown, command: Command) => {
      const { data } = command.optsWithGlobals<Options>();
      const store = existingStore(data);
      const { version, file, publicFile } = rotateKey(store, name);
      // Writes the public half.
      openSecrets(store);
      console.log(`Made version ${version} of the ${name} key: ${join(data, file)}`);
      if (publicFile) console.log(`Its public key: ${join(data, publicFile)}`);
      console.log("Restart the server to use it.");
    });
  keys
    .command("retire")
    .description("delete an old version of a key")
    .addArgument(kind())
    .argument("<version>", "its number", parseVersion)
    .action((name: KeyKindName, version: number, _: unknown, command: Command) => {
      const { data } = command.optsWithGlobals<Options>();
      retireKey(existingStore(data), name, version);
      console.log(`Deleted version ${version} of the ${name} key.`);
      console.log("Restart the server to be rid of it.");
    });
}

/** The keys of a directory where a server has been: a mistyped one must not get keys of its own. */
function existingStore(data: string): SecretStore {
  // Before the store is opened, which makes the directory.
  if (existsSync(data)) {
    const store = openSecretStore(data);
    if (KINDS.some((kind) => keyVersions(store, kind).length > 0)) return store;
  }
  throw new StartError(
    `There is no key server in ${data}; name its directory with --data, or start it there first.`,
  );
}

function list(data: string): ListedKey[] {
  const store = existingStore(data);
  const ids = keyIds(store);
  return KINDS.flatMap((kind) =>
    ensureKeyVersions(store, kind).map((key, index): ListedKey => {
      const keyId = ids.get(key.file);
      return {
        kind,
        version: key.version,
        newest: index === 0,
        file: join(data, key.file),
        ...(key.publicFile && { publicFile: join(data, key.publicFile) }),
        ...(keyId && { keyId }),
        since: statSync(join(data, key.file)).mtime.toISOString(),
      };
    }),
  );
}

/** By file. */
function keyIds(store: SecretStore): Map<string, string> {
  const secrets = openSecrets(store);
  const ids = new Map<string, string>();
  const note = (kind: KeyKindName, id: (key: KeyVersion, index: number) => string) => {
    ensureKeyVersions(store, kind).forEach((key, index) => {
      ids.set(key.file, id(key, index));
    });
  };
  note("export", (key) => `${EXPORT_KEY_ID}-${exportKeyVersion(key)}`);
  note("certificate", (_, index) => secrets.certificateKeys[index]!.keyId);
  note("token", (_, index) => secrets.tokenKeys[index]!.keyId);
  return ids;
}

function describe({ kind, version, newest, keyId, since, publicFile, file }: ListedKey): string {
  const parts = [
    kind.padEnd(12),
    `v${version}`.padEnd(4),
    (newest ? "in use" : "older").padEnd(7),
    since.slice(0, 10),
    (keyId ?? "").padEnd(17),
    publicFile ?? file,
  ];
  return parts.join(" ");
}

function parseVersion(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("It must be a number.");
  return Number(text);
}
