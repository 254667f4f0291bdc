import { tmpdir } from "node:os";
import path from "node:path";
import { defineConfig } from "vitest/config";

/** For the contract run again as another user: nothing is written to the checkout, no database is started. */
export default defineConfig({
  cacheDir: path.join(tmpdir(), "cache"),
  test: {
    include: ["test/contract/local/contract.test.ts"],
    setupFiles: ["test/support/fail-on-console-error.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
