import { defineConfig } from "vitest/config";

const BROWSER = "test/browser/**/*.test.ts";

export default defineConfig({
  test: {
    testTimeout: 60_000,
    // Each flow starts servers and child processes of its own.
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "all", include: ["test/**/*.test.ts"], exclude: [BROWSER] },
      },
      {
        extends: true,
        // Behind the others: in its desks time passes ten times as fast as on the wall, whatever else the computer does.
        test: { name: "browser", include: [BROWSER], sequence: { groupOrder: 1 } },
      },
    ],
  },
});
