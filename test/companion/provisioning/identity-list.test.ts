import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openIdentityFile } from "../../../companion/provisioning/identity-file.ts";
import { openIdentities, sealIdentities } from "../../../companion/provisioning/identity-list.ts";

const PASSPHRASE = "жасыл шай ішеміз";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-identities-"));
  path = join(folder, "fleet", "identities.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const failure = (code: string) => expect.objectContaining({ name: "Failure", code });

describe("a sealed list", () => {
  const identities = [1, 0xffffffff].map((serial) => ({ serial, key: Buffer.alloc(16, serial) }));

  test("opens with its passphrase, however that is composed, and is never sealed alike", async () => {
    const sealed = await sealIdentities(identities, PASSPHRASE);
    expect(await openIdentities(sealed, PASSPHRASE.normalize("NFD"))).toEqual(identities);
    const { header } = JSON.parse(Buffer.from(sealed).toString());
    expect(header.scrypt.N).toBeGreaterThanOrEqual(2 ** 17);
    const again = JSON.parse(Buffer.from(await sealIdentities(identities, PASSPHRASE)).toString());
    expect(again.header.nonce).not.toBe(header.nonce);
    expect(again.header.scrypt.salt).not.toBe(header.scrypt.salt);
  });

  test("shows neither serial numbers nor keys", async () => {
    const text = Buffer.from(await sealIdentities(identities, PASSPHRASE)).toString();
    expect(text).not.toContain("4294967295");
    expect(text).not.toContain(identities[1]!.key.toString("base64"));
  });

  test("does not open with another passphrase, nor changed", async () => {
    const sealed = await sealIdentities(identities, PASSPHRASE);
    await expect(openIdentities(sealed, "another")).rejects.toThrow(failure("wrong-passphrase"));
    const { header, sealed: body } = JSON.parse(Buffer.from(sealed).toString());
    const flipped = `${body.startsWith("A") ? "B" : "A"}${body.slice(1)}`;
    const other = Buffer.alloc(16).toString("base64");
    for (const changed of [
      { header, sealed: flipped },
      { header, sealed: "" },
      { header: { ...header, scrypt: { ...header.scrypt, salt: other } }, sealed: body },
    ]) {
      const file = Buffer.from(JSON.stringify(changed));
      await expect(openIdentities(file, PASSPHRASE)).rejects.toThrow(failure("wrong-passphrase"));
    }
  });

  test("is refused when it is of another version, costs more, is cut off or is no list", async () => {
    const sealed = Buffer.from(await sealIdentities(identities, PASSPHRASE));
    const file = JSON.parse(sealed.toString());
    const later = { ...file, header: { ...file.header, version: 2 } };
    const costly = structuredClone(file);
    costly.header.scrypt.N = 2 ** 30;
    for (const odd of [
      JSON.stringify(later),
      JSON.stringify(costly),
      "",
      "{}",
      sealed.subarray(9),
    ]) {
      await expect(openIdentities(Buffer.from(odd), PASSPHRASE)).rejects.toThrow(
        failure("identities-malformed"),
      );
    }
  });
});

describe("the list on disk", () => {
  test("keeps what is added, for its owner's eyes alone, and leaves no other file", async () => {
    const file = await openIdentityFile(path, PASSPHRASE);
    const [first, second] = await file.add(2);
    expect([first?.serial, second?.serial]).toEqual([1, 2]);
    expect(first?.key).toHaveLength(16);
    expect(first?.key).not.toEqual(second?.key);
    const [third] = await (await openIdentityFile(path, PASSPHRASE)).add(1, 1000);
    const last = await openIdentityFile(path, PASSPHRASE);
    expect((await last.add(1))[0]?.serial).toBe(1001);
    expect(last.find(2)).toEqual(second);
    expect(last.find(1000)).toEqual(third);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, "fleet"))).toEqual(["identities.json"]);
  });

  test("knows no other serial number, and gives none twice", async () => {
    const file = await openIdentityFile(path, PASSPHRASE);
    await file.add(1, 5);
    const before = readFileSync(path);
    expect(() => file.find(6)).toThrow(failure("serial-unknown"));
    await expect(file.add(1, 5)).rejects.toThrow(failure("serial-taken"));
    await expect(file.add(3, 3)).rejects.toThrow(failure("serial-taken"));
    await expect(file.add(2, 0xffffffff)).rejects.toThrow(failure("serial-range"));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test("is not overwritten when another program has changed it", async () => {
    const one = await openIdentityFile(path, PASSPHRASE);
    const other = await openIdentityFile(path, PASSPHRASE);
    await one.add(1);
    const before = readFileSync(path);
    await expect(other.add(1)).rejects.toThrow(failure("identities-changed"));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(join(folder, "fleet"))).toEqual(["identities.json"]);
  });

  test("gives no serial number twice when asked twice at once", async () => {
    const file = await openIdentityFile(path, PASSPHRASE);
    const asked = await Promise.allSettled([file.add(1), file.add(1)]);
    expect(asked.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const { value } = asked.find(({ status }) => status === "fulfilled") as PromiseFulfilledResult<
      { serial: number }[]
    >;
    expect(value.map(({ serial }) => serial)).toEqual([1]);
    expect((await openIdentityFile(path, PASSPHRASE)).find(1)).toEqual(value[0]);
  });

  test("is not touched while another program is changing it", async () => {
    const file = await openIdentityFile(path, PASSPHRASE);
    await file.add(1);
    const before = readFileSync(path);
    writeFileSync(`${path}.part`, "half of it");
    await expect(file.add(1)).rejects.toThrow(failure("identities-busy"));
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readFileSync(`${path}.part`, "utf8")).toBe("half of it");
    rmSync(`${path}.part`);
    expect((await file.add(1))[0]?.serial).toBe(2);
  });

  test("that cannot be read or written", async () => {
    await expect(openIdentityFile(folder, PASSPHRASE)).rejects.toThrow(
      failure("identities-unreadable"),
    );
    writeFileSync(join(folder, "file"), "");
    const file = await openIdentityFile(join(folder, "file", "identities.json"), PASSPHRASE);
    await expect(file.add(1)).rejects.toThrow(failure("identities-unwritable"));
    expect(() => file.find(1)).toThrow(failure("serial-unknown"));
  });
});
