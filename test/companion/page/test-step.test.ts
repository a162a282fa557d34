import { describe, expect, test } from "vitest";
import type { DeskSetUp, VisitView } from "../../../companion/desk/desk-api.ts";
import { type TestChoices, testStep } from "../../../companion/page/screens/test/test-step.ts";

const SET_UP: DeskSetUp = {
  exports: true,
  testResults: true,
  publishing: "registration-token",
  demonstration: false,
};
const VISIT = { status: {}, check: null, published: null } as unknown as VisitView;
const POSITIVE = { result: "positive" } as const;

function step(
  view: Partial<Parameters<typeof testStep>[0]> = {},
  choices: Partial<TestChoices> = {},
) {
  return testStep(
    { setUp: SET_UP, test: null, visit: null, ...view },
    { another: false, authority: false, declined: false, ...choices },
  );
}

test("without a test a code is entered, with a visit or without one", () => {
  expect(step()).toBe("enter");
  expect(step({ visit: VISIT })).toBe("enter");
});

test.each(["pending", "negative", "invalid", "redeemed"] as const)(
  "%s is an end of its own",
  (result) => {
    expect(step({ test: { result }, visit: VISIT })).toBe(result);
  },
);

test("positive needs the wearer's card, and then the consent", () => {
  expect(step({ test: POSITIVE })).toBe("card");
  const unread = { ...VISIT, status: null };
  expect(step({ test: POSITIVE, visit: unread })).toBe("card");
  expect(step({ test: POSITIVE, visit: VISIT })).toBe("consent");
});

test("who does not agree is told so, and may be asked again", () => {
  expect(step({ test: POSITIVE, visit: VISIT }, { declined: true })).toBe("declined");
  expect(step({ test: POSITIVE, visit: VISIT }, { declined: false })).toBe("consent");
});

test("what was published is shown until another code is wanted", () => {
  const visit = { ...VISIT, published: { inserted: 14, refused: 0, leftOut: 0 } } as VisitView;
  expect(step({ visit })).toBe("published");
  expect(step({ visit }, { another: true })).toBe("enter");
});

test("another code can be wanted whatever the test before it was", () => {
  expect(step({ test: { result: "pending" } }, { another: true })).toBe("enter");
});

describe("what a desk is not connected with", () => {
  test("without laboratories no code is asked for", () => {
    const setUp = { ...SET_UP, testResults: false, publishing: null };
    expect(step({ setUp })).toBe("no-laboratory");
  });

  test("without a key server a positive test leads nowhere, and says so before a card is asked for", () => {
    const setUp = { ...SET_UP, publishing: null };
    expect(step({ setUp, test: POSITIVE })).toBe("not-connected");
    expect(step({ setUp, test: { result: "negative" } })).toBe("negative");
  });
});

describe("codes of the health authority", () => {
  const alone = { ...SET_UP, testResults: false, publishing: "verification-code" } as const;
  const both = { ...alone, testResults: true };

  test("need no look-up where no laboratory is connected", () => {
    expect(step({ setUp: alone })).toBe("card");
    expect(step({ setUp: alone, visit: VISIT })).toBe("consent");
  });

  test("are chosen where one is", () => {
    expect(step({ setUp: both, visit: VISIT })).toBe("enter");
    expect(step({ setUp: both, visit: VISIT }, { authority: true })).toBe("consent");
  });

  test("also after a positive test, and instead of another one", () => {
    expect(step({ setUp: both, visit: VISIT, test: POSITIVE })).toBe("consent");
    const chosen = { authority: true, another: true };
    expect(step({ setUp: both, visit: VISIT, test: { result: "negative" } }, chosen)).toBe(
      "consent",
    );
  });
});
