import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    globalSetup: ["test/support/global-database.ts"],
    setupFiles: ["test/support/fail-on-console-error.ts"],
    reporters: ["./test/support/closing-lines.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Whole stacks run in some tests; more than this at once and they wait for each other.
    maxWorkers: 2,
    restoreMocks: true,
  },
});
