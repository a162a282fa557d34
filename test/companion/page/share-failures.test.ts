import { expect, test } from "vitest";
import { shareFailure } from "../../../companion/page/screens/test/share-failures.ts";
import { failureCodes } from "../../support/failure-codes.ts";

const codes = [...failureCodes().keys()];
const of = (kind: string): string[] => codes.filter((code) => shareFailure(code) === kind).sort();

test("what may be published already is never said to be not", () => {
  expect(of("maybe-published")).toEqual(["desk-unreachable", "publish-unconfirmed"]);
  expect(of("used")).toEqual(["already-used"]);
});

test("a permission that is gone is asked for again, a code that is of no use is replaced", () => {
  expect(of("look-up")).toEqual(
    expect.arrayContaining(["certificate-refused", "test-not-positive", "token-invalid"]),
  );
  expect(of("new-code")).toEqual([
    "code-expired",
    "code-lost",
    "code-refused",
    "permission-ended",
    "permission-lost",
    "test-type-unsupported",
  ]);
});

test("an earlier visit's day is asked for when its keys are met", () => {
  expect(of("earlier-visit")).toEqual(["keys-already-published"]);
});

test.each(["link-lost", "token-not-found", "server-unreachable", "server-failed", "a-new-one"])(
  "after %s the same may be tried again",
  (code) => {
    expect(shareFailure(code)).toBe("again");
  },
);
