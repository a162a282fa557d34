/**
 * The form of the settings file (JSON). `docs/settings.schema.json` is made from it.
 *
 * @module
 */
import { z } from "zod";
import { TEST_TYPES } from "../servers/verification-client.ts";

/** Hosts that are this computer, where nobody listens on the way. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const url = z
  .string()
  .refine(isServerAddress, {
    error: "must be an https address without ? and # (http only for a server on this computer)",
  })
  .meta({ format: "uri" });

const path = z.string().min(1, { error: "must be the name of a file" });

const directory = z.string().min(1, { error: "must be the name of a directory" });

const name = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, {
  error: "must be letters, digits and _ only, as in the exports",
});

const publicKey = z.strictObject({
  id: name.describe("Key id in the exports, by custom the mobile country code, such as 401."),
  version: name.describe("Key version in the exports, such as v1."),
  pem: z.string().optional().describe("The public key itself, PEM."),
  file: path.optional().describe("The file that has it, relative to the settings file."),
});

const exportRegion = z.strictObject({
  region: z
    .string()
    .regex(/^[A-Z0-9-]{2,16}$/, { error: "must be a region such as KZ, in capitals" })
    .describe("Region that the files must name, such as KZ."),
  indexUrl: url.describe("Address of the index, which lists the files."),
  baseUrl: url.describe("Address to which the paths in the index are relative."),
  publicKeys: z
    .array(publicKey)
    .min(1, { error: "must name at least one public key, or no file could be believed" })
    .describe("Keys whose signatures are believed; several while they change."),
});

const chaff = z.strictObject({
  perDay: z
    .number()
    .min(1, { error: "must be at least 1; leave `chaff` out for none" })
    .max(288, { error: "must be at most 288, one in five minutes" })
    .describe("How many publications that mean nothing `saqbol chaff` sends a day, on average."),
});

/** What the file may say. */
export const settingsFile = z
  .strictObject({
    $schema: z.string().optional().describe("Where this schema is, for editors."),
    testResults: z
      .strictObject({
        protocol: z.literal("corona-warn-app"),
        url: url.describe("Base address; version/v1/… is called below it."),
      })
      .optional()
      .describe(
        "Where tests are looked up by their 10-digit code. Absent: no laboratory is connected.",
      ),
    verification: z
      .strictObject({
        protocol: z.literal("google"),
        url: url.describe("Base address; api/… is called below it."),
        token: z
          .enum(["registration-token", "verification-code"])
          .describe(
            "What a certificate is had for: the looked-up test (registration-token, this project's own server), or a code of the health authority (verification-code, Google's /api/verify).",
          ),
        accept: z
          .array(z.enum(TEST_TYPES))
          .min(1, { error: "must name at least one kind of test" })
          .optional()
          .describe("Kinds of tests whose codes are taken; confirmed ones unless told."),
        apiKey: z
          .string()
          .regex(/^[\x21-\x7e]+$/, { error: "must be the API key, without spaces" })
          .optional()
          .describe("API key of a device, if the server wants one."),
        apiKeyFile: path
          .optional()
          .describe("The file whose first line it is, relative to the settings file."),
      })
      .optional()
      .describe("Where the permission to publish comes from. Absent: nothing can be published."),
    publish: z
      .strictObject({
        protocol: z.literal("google"),
        url: url.describe("Base address; v1/publish is called below it."),
        healthAuthorityId: z
          .string()
          .min(1, {
            error: "must be the name under which the key server knows the health authority",
          })
          .describe("healthAuthorityID of every upload."),
        chaff: chaff.optional().describe("Absent: `saqbol chaff` sends none."),
      })
      .optional()
      .describe("Where keys are published. Absent: nothing can be published."),
    exports: z
      .array(exportRegion)
      .optional()
      .describe(
        "Where published keys are downloaded, for each region that wearers may have been in.",
      ),
    riskConfig: path
      .optional()
      .describe("File with the risk model's configuration, relative to the settings file."),
    texts: directory
      .optional()
      .describe(
        "Directory with the health authority's own texts for wearers, relative to the settings file. See docs/texts.md.",
      ),
  })
  .superRefine((settings, context) => {
    const { verification, testResults, publish, exports = [] } = settings;
    const complain = (at: (string | number)[], message: string) =>
      context.addIssue({ code: "custom", path: at, message });
    if (verification?.apiKey !== undefined && verification.apiKeyFile !== undefined) {
      complain(
        ["verification", "apiKeyFile"],
        "must not stand beside `apiKey`; leave one of them out",
      );
    }
    if (verification?.token === "registration-token" && !testResults) {
      complain(
        ["verification", "token"],
        "needs `testResults`, where registration tokens come from; add it, or use verification-code",
      );
    }
    if (publish && !verification) {
      complain(["verification"], "must be there when `publish` is: it gives the permission");
    }
    exports.forEach(({ publicKeys }, region) => {
      publicKeys.forEach(({ pem, file }, key) => {
        if ((pem === undefined) === (file === undefined)) {
          complain(["exports", region, "publicKeys", key], "must have either `pem` or `file`");
        }
      });
    });
  });

/** What the file says. */
export type SettingsFile = z.output<typeof settingsFile>;

/** The JSON Schema of the file, for editors. */
export function settingsJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(settingsFile, { io: "input" });
  return {
    $schema,
    title: "Settings of the saqbol companion",
    description: "Which server speaks what. See docs/servers.md.",
    ...schema,
  };
}

/** Whether a text is an address that calls may go to: https, or http on this computer. */
export function isServerAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  if (search || hash || username || password) return false;
  return protocol === "https:" || (protocol === "http:" && LOOPBACK.test(hostname));
}
