import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    // Each flow starts servers and child processes of its own.
    hookTimeout: 60_000,
  },
});
