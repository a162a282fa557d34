import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Small texts by name. */
export interface SecretStore {
  names(): string[];
  /** Without white space at its ends; undefined if there is none. */
  read(name: string): string | undefined;
  write(name: string, text: string): void;
  remove(name: string): void;
}

/** Files of mode 0600 in a directory, which is made if missing; in memory for `:memory:`. */
export function openSecretStore(dataDir: string): SecretStore {
  return dataDir === ":memory:" ? inMemory() : inFiles(dataDir);
}

function inMemory(): SecretStore {
  const texts = new Map<string, string>();
  return {
    names: () => [...texts.keys()],
    read: (name) => texts.get(name),
    write: (name, text) => void texts.set(name, text.trim()),
    remove: (name) => void texts.delete(name),
  };
}

function inFiles(dataDir: string): SecretStore {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return {
    names: () => readdirSync(dataDir),
    read: (name) => {
      const path = join(dataDir, name);
      return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined;
    },
    write: (name, text) => {
      // Written aside and renamed, so that a crash cannot leave half a key behind.
      const unfinished = join(dataDir, `${name}.new`);
      writeFileSync(unfinished, `${text.trim()}\n`, { mode: 0o600, flush: true });
      renameSync(unfinished, join(dataDir, name));
    },
    remove: (name) => rmSync(join(dataDir, name), { force: true }),
  };
}
