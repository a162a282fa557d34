import { expect, test } from "vitest";
import { LANGUAGES } from "../../../companion/languages.ts";
import { failureCodes } from "../../support/failure-codes.ts";
import { messagesIn } from "../../support/page-messages.ts";

/** Failures that no page is told of, by the reason. */
const NOT_ON_THE_PAGE: Readonly<Record<string, readonly string[]>> = {
  "boards are flashed on the command line": [
    "already-provisioned",
    "batch-incomplete",
    "board-error",
    "board-silent",
    "board-too-old",
    "firmware-missing",
    "firmware-too-large",
    "flash-mismatch",
    "hex-impossible",
    "port-not-found",
    "wrong-board",
  ],
  "identities are kept on the command line": [
    "identities-busy",
    "identities-changed",
    "identities-malformed",
    "identities-missing",
    "identities-unreadable",
    "identities-unwritable",
    "passphrase-missing",
    "passphrase-short",
    "passphrases-differ",
    "serial-range",
    "serial-taken",
    "serial-unknown",
    "wrong-passphrase",
  ],
  "settings, and what they name, are read before there is a page": [
    "risk-configuration-malformed",
    "settings-ambiguous",
    "settings-invalid",
    "settings-missing",
    "texts-invalid",
    "texts-there",
  ],
  "files are named, and questions asked, on the command line": [
    "cancelled",
    "card-on-command-line",
    "directory-unwritable",
    "export-batch-incomplete",
    "file-unreadable",
    "file-unwritable",
    "input-missing",
    "input-unreadable",
    "log-malformed",
    "not-confirmed",
    "nothing-heard",
    "windows-malformed",
  ],
  "chaff is a service of its own": ["chaff-not-configured"],
  "without them there is no page": ["page-missing", "port-forbidden", "port-taken"],
  "the page makes no such requests": ["input-too-large", "method-wrong"],
};

const listed = Object.values(NOT_ON_THE_PAGE).flat();
const codes = [...failureCodes().keys()];

test("failures are found in all the ways in which they are made", () => {
  // A text, one of two texts, a table, a constant that is passed on, a class of its own, the page itself.
  expect(codes).toEqual(
    expect.arrayContaining([
      "token-not-found",
      "already-used",
      "flash-failed",
      "windows-malformed",
      "server-unreachable",
      "desk-unreachable",
    ]),
  );
});

test.each(LANGUAGES)("every failure that reaches the page has words in %s", (language) => {
  const { other: _, ...translated } = messagesIn(language)["failures"]!;
  const missing = codes.filter((code) => !listed.includes(code) && !(code in translated));
  expect(missing).toEqual([]);
  const superfluous = Object.keys(translated).filter((code) => !codes.includes(code));
  expect(superfluous).toEqual([]);
});

test("a failure that no page is told of has no words, and is one", () => {
  const translated = messagesIn("en")["failures"]!;
  expect(listed.filter((code) => code in translated)).toEqual([]);
  expect(listed.filter((code) => !codes.includes(code))).toEqual([]);
  expect(listed).toHaveLength(new Set(listed).size);
});

// They go without values, since a page knows the code alone; `other` says which it was.
test.each(LANGUAGES)(
  "failures say in %s what was wrong and what to do, in clerk's words",
  (language) => {
    for (const [code, message] of Object.entries(messagesIn(language)["failures"]!)) {
      expect(message, code).toMatch(code === "other" ? /\{code\}/ : /^[^{}]+\.$/);
      expect(message.length, code).toBeLessThanOrEqual(220);
      expect(message, code).not.toMatch(/--|`|HTTP|JSON|API|PEM|USB|npm|UTC/);
    }
  },
);
