import { describe, test } from "vitest";
import { contract } from "./contract.ts";
import { hasReference, referenceTarget } from "./reference-target.ts";

if (hasReference) {
  contract("Google's servers", async () => referenceTarget());
} else {
  describe("Google's servers", () => {
    test.skip("EN_SERVER_URL and EN_VERIFY_URL do not name any; see docs/servers.md", () => {});
  });
}
