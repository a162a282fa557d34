import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import { defaultSettingsPath } from "../../../companion/settings/default-place.ts";
import { embeddedServer } from "../../../companion/settings/embedded-server.ts";
import { readSettings, type Settings } from "../../../companion/settings/settings.ts";
import { settingsFile, settingsJsonSchema } from "../../../companion/settings/settings-file.ts";

const SECRET = "zw8rt7NNQmYc-secret";

let folder: string;
let pem: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "saqbol-settings-"));
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey;
  const files = {
    "export.pem": pem,
    "private.pem": privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    "rsa.pem": rsa.export({ type: "spki", format: "pem" }).toString(),
    "api-key": `${SECRET}\n`,
    "empty-key": "\n",
    "risk.json": `{ "model": "corona-warn-app" }`,
    "broken.json": "{",
  };
  for (const directory of ["texts", "no-texts", "wrong-texts"]) mkdirSync(join(folder, directory));
  const texts = { "texts/help.en.txt": "Ask.\n", "wrong-texts/help.kk.txt": "\n" };
  for (const [name, text] of Object.entries({ ...files, ...texts })) {
    writeFileSync(join(folder, name), text);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Settings that say all there is to say. */
const whole = () => ({
  $schema: "https://example.org/settings.schema.json",
  testResults: { protocol: "corona-warn-app", url: "https://tests.example/cwa" },
  verification: {
    protocol: "google",
    url: "https://verify.example",
    token: "verification-code",
    accept: ["confirmed", "likely"],
    apiKeyFile: "api-key",
  },
  publish: {
    protocol: "google",
    url: "https://keys.example",
    healthAuthorityId: "kz.example",
    chaff: { perDay: 8 },
  },
  exports: [
    {
      region: "KZ",
      indexUrl: "https://cdn.example/kz/index.txt",
      baseUrl: "https://cdn.example",
      publicKeys: [
        { id: "401", version: "v1", file: "export.pem" },
        { id: "401", version: "v2", pem },
      ],
    },
  ],
  riskConfig: "risk.json",
  texts: "texts",
});

function readText(text: string): Settings {
  const file = join(folder, "settings.json");
  writeFileSync(file, text);
  return readSettings(file);
}

const read = (content: unknown): Settings => readText(JSON.stringify(content));

function complaint(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) {
      expect(error.code).toBe("settings-invalid");
      expect(error.message).toMatch(/^The settings file .*[^.]\.$/);
      expect(error.message).not.toMatch(/\. \S/);
      expect(error.message).not.toContain("secret");
      return error.message;
    }
    throw error;
  }
  throw new Error("there was no complaint");
}

describe("a settings file", () => {
  test("is read with the files that it names, which lie beside it", () => {
    expect(read(whole())).toEqual({
      testResultsUrl: "https://tests.example/cwa",
      verification: {
        url: "https://verify.example",
        token: "verification-code",
        accept: ["confirmed", "likely"],
        apiKey: SECRET,
      },
      publish: { url: "https://keys.example", healthAuthorityId: "kz.example", chaffPerDay: 8 },
      exports: [
        {
          region: "KZ",
          indexUrl: "https://cdn.example/kz/index.txt",
          baseUrl: "https://cdn.example",
          trustedKeys: [
            { id: "401", version: "v1", pem },
            { id: "401", version: "v2", pem },
          ],
        },
      ],
      riskConfig: join(folder, "risk.json"),
      texts: join(folder, "texts"),
    });
  });

  test("may leave everything out", () => {
    expect(read({})).toEqual({
      testResultsUrl: undefined,
      verification: undefined,
      publish: undefined,
      exports: [],
      riskConfig: undefined,
      texts: undefined,
    });
  });

  test("accepts confirmed tests unless told", () => {
    const { accept: _, ...verification } = whole().verification;
    expect(read({ ...whole(), verification }).verification?.accept).toEqual(["confirmed"]);
  });

  test.each(["http://127.0.0.1:8080", "http://localhost:8080/x/", "http://[::1]:8080"])(
    "may name a server on this computer by %s",
    (url) => {
      expect(read({ ...whole(), publish: { ...whole().publish, url } }).publish?.url).toBe(url);
    },
  );

  test("that is not there is told", () => {
    expect(() => readSettings(join(folder, "nowhere.json"))).toThrow(/cannot be read; check/);
  });
});

describe("a mistake in a settings file names the field and what to do", () => {
  const { testResults, verification, publish, exports } = whole();
  const [source] = exports;

  test.each<[string, object, RegExp]>([
    [
      "an unknown field",
      { publsh: publish },
      /has `publsh`, which means nothing; correct its name/,
    ],
    [
      "an unknown field further down",
      { publish: { ...publish, key: SECRET } },
      /has `publish.key`, which means nothing/,
    ],
    [
      "a missing field",
      { publish: { protocol: "google", url: "https://x.example" } },
      /lacks `publish.healthAuthorityId`; add it/,
    ],
    [
      "a missing protocol",
      { testResults: { url: "https://x.example" } },
      /lacks `testResults.protocol`/,
    ],
    [
      "an unknown protocol",
      { testResults: { ...testResults, protocol: SECRET } },
      /`testResults.protocol` that is not known; it must be "corona-warn-app"/,
    ],
    [
      "a list in the place of an object",
      { publish: [] },
      /`publish` of the wrong kind; it must be an object/,
    ],
    [
      "a text in the place of a number",
      { publish: { ...publish, chaff: { perDay: "8" } } },
      /`publish.chaff.perDay` of the wrong kind; it must be a number, without/,
    ],
    [
      "too much chaff",
      { publish: { ...publish, chaff: { perDay: 289 } } },
      /`publish.chaff.perDay` must be at most 288/,
    ],
    [
      "no chaff at all",
      { publish: { ...publish, chaff: { perDay: 0 } } },
      /leave `chaff` out for none/,
    ],
    [
      "plain HTTP",
      { publish: { ...publish, url: "http://keys.example" } },
      /`publish.url` must be an https address/,
    ],
    [
      "an address with a question",
      { publish: { ...publish, url: "https://keys.example/?key=secret" } },
      /`publish.url` must be/,
    ],
    [
      "an address with a password",
      { publish: { ...publish, url: "https://a:secret@keys.example" } },
      /`publish.url` must be/,
    ],
    [
      "an address with a password and no user",
      { publish: { ...publish, url: "https://:secret@keys.example" } },
      /`publish.url` must be/,
    ],
    ["no address", { publish: { ...publish, url: SECRET } }, /`publish.url` must be/],
    [
      "an API key with blanks",
      { verification: { ...verification, apiKeyFile: undefined, apiKey: "my secret" } },
      /`verification.apiKey` must be the API key, without spaces/,
    ],
    [
      "two API keys",
      { verification: { ...verification, apiKey: SECRET } },
      /`verification.apiKeyFile` must not stand beside `apiKey`/,
    ],
    [
      "registration tokens without test results",
      { testResults: undefined, verification: { ...verification, token: "registration-token" } },
      /`verification.token` needs `testResults`/,
    ],
    [
      "publishing without verification",
      { verification: undefined },
      /lacks `verification`|`verification` must be there/,
    ],
    [
      "an unknown kind of test",
      { verification: { ...verification, accept: ["negative"] } },
      /`verification.accept\[0\]` that is not known; it must be "confirmed" or "likely"/,
    ],
    [
      "no kind of test",
      { verification: { ...verification, accept: [] } },
      /`verification.accept` must name/,
    ],
    [
      "a region in small letters",
      { exports: [{ ...source, region: "kz" }] },
      /`exports\[0\].region` must be a region/,
    ],
    [
      "no public key",
      { exports: [{ ...source, publicKeys: [] }] },
      /`exports\[0\].publicKeys` must name at least one/,
    ],
    [
      "a public key without either",
      { exports: [{ ...source, publicKeys: [{ id: "401", version: "v1" }] }] },
      /`exports\[0\].publicKeys\[0\]` must have either `pem` or `file`/,
    ],
    [
      "a public key that is missing",
      { exports: [{ ...source, publicKeys: [{ id: "401", version: "v1", file: "nowhere.pem" }] }] },
      /in `exports\[0\].publicKeys\[0\].file` a file that cannot be read/,
    ],
    [
      "a public key that is none",
      { exports: [{ ...source, publicKeys: [{ id: "401", version: "v1", pem: SECRET }] }] },
      /in `exports\[0\].publicKeys\[0\].pem` something else than an ECDSA P-256 public key/,
    ],
    [
      "a private key",
      { exports: [{ ...source, publicKeys: [{ id: "401", version: "v1", file: "private.pem" }] }] },
      /something else than an ECDSA P-256 public key/,
    ],
    [
      "an RSA key",
      { exports: [{ ...source, publicKeys: [{ id: "401", version: "v1", file: "rsa.pem" }] }] },
      /something else than an ECDSA P-256 public key/,
    ],
    [
      "an API key file that is missing",
      { verification: { ...verification, apiKeyFile: "nowhere" } },
      /in `verification.apiKeyFile` a file that cannot be read/,
    ],
    [
      "an API key file that is empty",
      { verification: { ...verification, apiKeyFile: "empty-key" } },
      /`verification.apiKeyFile`, whose first line is no API key/,
    ],
    [
      "a risk configuration that is missing",
      { riskConfig: "nowhere" },
      /in `riskConfig` a file that cannot be read/,
    ],
    [
      "a risk configuration that is broken",
      { riskConfig: "broken.json" },
      /`riskConfig` a file that cannot be used: /,
    ],
    [
      "texts that are missing",
      { texts: "nowhere" },
      /`texts` a directory that cannot be used: .*nowhere cannot be read; check/,
    ],
    ["no text at all", { texts: "no-texts" }, /`texts` .* has no text such as .*; name another/],
    [
      "a text that is wrong",
      { texts: "wrong-texts" },
      /`texts` .*help\.kk\.txt is empty; write it, or take the file away/,
    ],
    ["texts without a name", { texts: "" }, /`texts` must be the name of a directory/],
  ])("%s", (_, changes, message) => {
    expect(complaint(() => read({ ...whole(), ...changes }))).toMatch(message);
  });

  test.each([
    ["a list", "[]", /must be one JSON object/],
    [
      "a comma too many",
      `{\n  "publish": {\n    "url": "secret",\n  }\n}`,
      /is not JSON: correct line 4/,
    ],
    ["an end that is missing", `{\n  "riskConfig": "secret"`, /is not JSON: correct line 2/],
  ])("%s", (_, text, message) => {
    expect(complaint(() => readText(text))).toMatch(message);
  });
});

test("the published schema is that of the code", () => {
  const published = readFileSync(new URL("../../../docs/settings.schema.json", import.meta.url));
  expect(JSON.parse(published.toString("utf8"))).toEqual(settingsJsonSchema());
});

test("the examples in docs/servers.md are right", () => {
  const page = readFileSync(new URL("../../../docs/servers.md", import.meta.url), "utf8");
  const examples = Array.from(page.matchAll(/```json\n([\s\S]*?)```/g), ([, text]) => text!);
  expect(examples.length).toBeGreaterThanOrEqual(2);
  for (const example of examples)
    expect(() => settingsFile.parse(JSON.parse(example))).not.toThrow();
});

test("the usual place follows XDG", () => {
  expect(defaultSettingsPath({ XDG_CONFIG_HOME: "/conf" })).toBe("/conf/saqbol/settings.json");
  expect(defaultSettingsPath({})).toMatch(/\/\.config\/saqbol\/settings\.json$/);
  expect(defaultSettingsPath({ XDG_CONFIG_HOME: "" })).toBe(defaultSettingsPath({}));
});

test("the short way stands for this project's server at one address", () => {
  const trustedKeys = [{ id: "401", version: "v1", pem: "PEM" }];
  const source = { region: "KZ", trustedKeys };
  expect(embeddedServer("https://keys.example", source)).toEqual({
    testResultsUrl: "https://keys.example/",
    verification: {
      url: "https://keys.example/",
      token: "registration-token",
      accept: ["confirmed"],
      apiKey: undefined,
    },
    publish: {
      url: "https://keys.example/",
      healthAuthorityId: "kz.saqbol",
      chaffPerDay: undefined,
    },
    exports: [
      {
        region: "KZ",
        indexUrl: "https://keys.example/exports/KZ/index.txt",
        baseUrl: "https://keys.example/exports/",
        trustedKeys,
      },
    ],
    riskConfig: undefined,
    texts: undefined,
  });
  expect(embeddedServer("https://keys.example/", source)).toEqual(
    embeddedServer("https://keys.example", source),
  );
});
