import type { DeskView, TestView } from "../../../companion/desk/desk-api.ts";
import { Failure } from "../../../companion/failure.ts";
import { SimpleHost } from "../desk-server/simple-host.ts";

/** A desk whose tests and publications come out as they are told to; a failure is in the view, as a desk's are. */
export class ScriptedHost extends SimpleHost {
  result: TestView["result"] = "positive";
  /** Codes with which the next actions fail, in order; null for one that does not. */
  readonly failures: (string | null)[] = [];

  constructor(setUp: Partial<DeskView["setUp"]> = {}) {
    super();
    this.view = {
      ...this.view,
      setUp: { ...this.view.setUp, publishing: "registration-token", ...setUp },
    };
  }

  /** Inputs of an action, in order. */
  inputs(action: string): readonly object[] {
    return this.asked.filter((each) => each.action === action).map(({ input }) => input);
  }

  override async lookUp(input: { readonly code: string }) {
    this.asked.push({ action: "lookUp", input });
    this.#fail("lookUp");
    const test = { result: this.result };
    this.change({ test, failure: null });
    return test as never;
  }

  override async share(input: object) {
    this.asked.push({ action: "share", input });
    this.#fail("share");
    const published = { inserted: 14, refused: 0, refusedPositions: [], leftOut: 0 };
    const { visit } = this.view;
    this.change({ test: null, failure: null, visit: { ...visit!, published } });
    return published;
  }

  #fail(action: "lookUp" | "share"): void {
    const code = this.failures.shift();
    if (!code) return;
    this.change({ failure: { action, code, message: "It failed." } });
    throw new Failure(code, "It failed.");
  }
}
