import { expect, test } from "vitest";
import { Failure } from "../../../companion/failure.ts";
import { awaitResult } from "../../../companion/servers/await-result.ts";
import type { TestResult } from "../../../companion/servers/key-server-client.ts";
import { START } from "../../server/pilot.ts";
import { VirtualPace } from "../../support/virtual-pace.ts";

async function wait(first: TestResult, ...ends: (TestResult | Failure)[]) {
  const pace = new VirtualPace(START);
  let told = 0;
  const ask = async () => {
    const end = ends.shift()!;
    if (end instanceof Failure) throw end;
    return end;
  };
  const result = await awaitResult(first, ask, pace, () => told++);
  return { result, told, pauses: pace.pauses };
}

const failure = (code: string) => new Failure(code, "It failed.");

test("a result that is there is told at once", async () => {
  expect(await wait("negative")).toEqual({ result: "negative", told: 0, pauses: [] });
});

test("a result that is not ready is asked for every 120 minutes", async () => {
  const { result, told, pauses } = await wait("pending", "pending", "positive");
  expect([result, told, pauses]).toEqual(["positive", 2, [7200, 7200]]);
});

test("a server that is out of reach meanwhile is asked again two hours later", async () => {
  const { result, pauses } = await wait("pending", failure("server-unreachable"), "invalid");
  expect([result, pauses]).toEqual(["invalid", [7200, 7200]]);
});

test("a look-up that ended ends it", async () => {
  await expect(wait("pending", failure("token-invalid"))).rejects.toThrow(Failure);
});
