import { describe, expect, test } from "vitest";
import { run } from "./token.ts";

describe.skipIf(!process.env["ESPRUINO"])("on the real interpreter", () => {
  test.each(["nonsense();", "throw new Error('x');"])(
    "a script fails that says %s",
    async (script) => {
      await expect(run(script)).rejects.toThrow(/^Espruino failed/);
    },
  );
});
