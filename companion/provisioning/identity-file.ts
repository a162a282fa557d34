/**
 * The identity list on disk. Whoever makes an identity adds it here before it goes anywhere else, so that no
 * key is on a token alone.
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { TOKEN_KEY_BYTES } from "../../protocol/flash-layout.ts";
import { Failure } from "../failure.ts";
import { openIdentities, sealIdentities } from "./identity-list.ts";
import type { TokenIdentity } from "./storage-image.ts";

const LAST_SERIAL = 0xffffffff;

/** An opened identity list. */
export interface IdentityFile {
  /**
   * The identity with a serial number.
   *
   * @throws Failure `serial-unknown`
   */
  find(serial: number): TokenIdentity;
  /**
   * Makes identities with random keys and saves them.
   *
   * @param first - serial number of the first; unless given, one more than the highest so far
   * @throws Failure `serial-taken`, `serial-range`, `identities-busy`, `identities-changed`,
   * `identities-unwritable`; then nothing has been saved
   */
  add(count: number, first?: number): Promise<TokenIdentity[]>;
}

/** Whether there is an identity list at `path`. */
export const identityFileExists = (path: string): boolean => existsSync(path);

/**
 * Opens an identity list; where there is none, an empty one, which exists once something is added.
 *
 * @throws Failure `identities-unreadable`, and those of {@link openIdentities}
 */
export async function openIdentityFile(path: string, passphrase: string): Promise<IdentityFile> {
  let saved = read(path);
  let identities = saved ? await openIdentities(saved, passphrase) : [];

  function find(serial: number): TokenIdentity | undefined {
    return identities.find((identity) => identity.serial === serial);
  }

  return {
    find: (serial) => {
      const identity = find(serial);
      if (identity) return identity;
      throw new Failure(
        "serial-unknown",
        `The identity list has no token with serial number ${serial}; check the number, or name the list that it is in.`,
      );
    },

    add: async (count, first) => {
      const start =
        first ?? identities.reduce((highest, { serial }) => Math.max(highest, serial), 0) + 1;
      if (start + count - 1 > LAST_SERIAL) {
        throw new Failure(
          "serial-range",
          `Serial numbers end at ${LAST_SERIAL}; choose a smaller --serial.`,
        );
      }
      const added = Array.from({ length: count }, (_, index) => ({
        serial: start + index,
        key: randomBytes(TOKEN_KEY_BYTES),
      }));
      const taken = added.find(({ serial }) => find(serial));
      if (taken) {
        throw new Failure(
          "serial-taken",
          `There is a token with serial number ${taken.serial} already; choose another --serial, or leave it out.`,
        );
      }
      const base = saved;
      const all = [...identities, ...added];
      const sealed = await sealIdentities(all, passphrase);
      const part = writeBeside(path, sealed);
      try {
        const found = read(path);
        if (Buffer.compare(found ?? Buffer.of(), base ?? Buffer.of()) !== 0) {
          throw new Failure(
            "identities-changed",
            "Another program has changed the identity list meanwhile; run this again.",
          );
        }
        replace(part, path);
      } catch (error) {
        rmSync(part, { force: true });
        throw error;
      }
      saved = sealed;
      identities = all;
      return added;
    },
  };
}

function read(path: string): Uint8Array | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path);
  } catch {
    throw new Failure(
      "identities-unreadable",
      `The identity list ${path} cannot be read; check its name and its permissions.`,
    );
  }
}

// Whole and on the disk before it takes the place of the list so far. Only one program at a time can have made
// this file, so nobody else changes the list until it is gone.
function writeBeside(path: string, bytes: Uint8Array): string {
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  } catch {
    throw unwritable(path);
  }
  try {
    writeFileSync(part, bytes, { mode: 0o600, flag: "wx", flush: true });
    return part;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new Failure(
        "identities-busy",
        `Another program is changing the identity list; try again, and if none is, remove ${part}.`,
      );
    }
    rmSync(part, { force: true });
    throw unwritable(path);
  }
}

function replace(part: string, path: string): void {
  try {
    renameSync(part, path);
  } catch {
    throw unwritable(path);
  }
}

function unwritable(path: string): Failure {
  return new Failure(
    "identities-unwritable",
    `The identity list ${path} cannot be written; choose another place, or make room on the disk.`,
  );
}
