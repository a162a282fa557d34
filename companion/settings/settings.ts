import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { readPublicKey } from "../exports/public-key.ts";
import type { ExportRegion } from "../exports/region-cache.ts";
import { Failure } from "../failure.ts";
import { parseRiskConfiguration } from "../risk/risk-configuration.ts";
import type { TestType } from "../servers/verification-client.ts";
import { readTexts } from "../texts/texts.ts";
import { type SettingsFile, settingsFile } from "./settings-file.ts";
import { sentenceOf } from "./settings-sentence.ts";

/** Which server speaks what, with all files read. */
export interface Settings {
  /** Base address for the look-up of tests in the manner of the Corona-Warn-App; undefined: not connected. */
  readonly testResultsUrl: string | undefined;
  readonly verification: VerificationSettings | undefined;
  readonly publish: PublishSettings | undefined;
  /** Where published keys are downloaded. */
  readonly exports: readonly ExportRegion[];
  /** Path of the risk model's configuration. */
  readonly riskConfig: string | undefined;
  /** Directory with the health authority's own texts. */
  readonly texts: string | undefined;
}

/** Where the permission to publish comes from. */
export interface VerificationSettings {
  readonly url: string;
  /** What a certificate is had for. */
  readonly token: "registration-token" | "verification-code";
  readonly accept: readonly TestType[];
  /** Secret. */
  readonly apiKey: string | undefined;
}

/** Where keys are published. */
export interface PublishSettings {
  readonly url: string;
  readonly healthAuthorityId: string;
  /** Publications that mean nothing, a day; undefined: none. */
  readonly chaffPerDay: number | undefined;
}

/**
 * Reads a settings file and all files that it names, which are looked for beside it.
 *
 * @throws Failure `settings-missing`, or `settings-invalid`, which names the field and says what to do, and
 *   repeats nothing of the file
 */
export function readSettings(file: string): Settings {
  const content = parseFile(file, read(file));
  const directory = dirname(resolve(file));
  const beside = (path: string) => resolve(directory, path);
  const { verification, publish } = content;
  const riskConfig = content.riskConfig === undefined ? undefined : beside(content.riskConfig);
  if (riskConfig !== undefined) checkRiskConfig(file, riskConfig);
  const texts = content.texts === undefined ? undefined : beside(content.texts);
  if (texts !== undefined) checkTexts(file, texts);
  return {
    testResultsUrl: content.testResults?.url,
    verification: verification && {
      url: verification.url,
      token: verification.token,
      accept: verification.accept ?? ["confirmed"],
      apiKey: verification.apiKey ?? apiKeyOf(file, verification.apiKeyFile, beside),
    },
    publish: publish && {
      url: publish.url,
      healthAuthorityId: publish.healthAuthorityId,
      chaffPerDay: publish.chaff?.perDay,
    },
    exports: (content.exports ?? []).map(({ publicKeys, ...source }, region) => ({
      ...source,
      trustedKeys: publicKeys.map(({ id, version, pem, file: keyFile }, index) => {
        const field = `exports[${region}].publicKeys[${index}]`;
        const text = pem ?? readNamed(file, `${field}.file`, beside(keyFile!));
        checkPublicKey(file, `${field}.${pem === undefined ? "file" : "pem"}`, text);
        return { id, version, pem: text };
      }),
    })),
    riskConfig,
    texts,
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new Failure(
      "settings-missing",
      `The settings file ${file} cannot be read; check its name and who may read it.`,
    );
  }
}

function parseFile(file: string, text: string): SettingsFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    // The rest of the message quotes the file, which may hold an API key.
    const at = /position (\d+)/.exec(String(error))?.[1];
    const line = text.slice(0, at === undefined ? text.length : Number(at)).split("\n").length;
    throw invalid(file, `is not JSON: correct line ${line}, or the one before it`);
  }
  const parsed = settingsFile.safeParse(json);
  if (parsed.success) return parsed.data;
  throw invalid(file, sentenceOf(parsed.error.issues[0]!, json));
}

function apiKeyOf(
  file: string,
  apiKeyFile: string | undefined,
  beside: (path: string) => string,
): string | undefined {
  if (apiKeyFile === undefined) return undefined;
  const field = "verification.apiKeyFile";
  const line = readNamed(file, field, beside(apiKeyFile)).split("\n")[0]!.trim();
  if (/^[\x21-\x7e]+$/.test(line)) return line;
  throw invalid(
    file,
    `has \`${field}\`, whose first line is no API key; write the key there alone`,
  );
}

function readNamed(file: string, field: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    throw invalid(
      file,
      `names in \`${field}\` a file that cannot be read (${path}); correct the name, or who may read it`,
    );
  }
}

function checkPublicKey(file: string, field: string, pem: string): void {
  if (readPublicKey(pem)) return;
  throw invalid(file, `has in \`${field}\` something else than an ECDSA P-256 public key in PEM`);
}

function checkRiskConfig(file: string, path: string): void {
  const text = readNamed(file, "riskConfig", path);
  usable(file, "names in `riskConfig` a file", () =>
    parseRiskConfiguration(Buffer.from(text), `the file ${path}`),
  );
}

function checkTexts(file: string, path: string): void {
  usable(file, "names in `texts` a directory", () => readTexts(path));
}

// What is wrong with a file that was named becomes part of the sentence about the settings.
function usable(file: string, what: string, use: () => void): void {
  try {
    use();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reason = error.message.replace(/\.$/, "");
    throw invalid(file, `${what} that cannot be used: ${reason}`);
  }
}

function invalid(file: string, what: string): Failure {
  return new Failure("settings-invalid", `The settings file ${file} ${what}.`);
}
