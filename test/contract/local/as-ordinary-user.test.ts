import { execFile } from "node:child_process";
import { chown, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

interface Report {
  testResults: { assertionResults: { fullName: string; status: string; failureMessages: string[] }[] }[];
}

// "nobody", which every Linux has.
const UID = 65_534;

// The checkout may lie in a directory that this user cannot enter: a bind mount of our own lets it in.
const SCRIPT = `
mount --bind "$1" "$2/checkout" && cd "$2/checkout" || exit 1
exec setpriv --reuid=${UID} --regid=${UID} --clear-groups env -i PATH="$PATH" HOME="$2" TMPDIR="$2/tmp" "$3" \
  node_modules/vitest/vitest.mjs run --configLoader runner --config test/contract/local/no-database.config.ts \
  --reporter json --outputFile "$2/tmp/report.json"`;

describe.runIf(process.getuid?.() === 0)("the local driver for an ordinary user", () => {
  test("the whole contract holds with both launchers", { timeout: 900_000 }, async () => {
    const home = await temporaryDirectory();
    for (const name of ["checkout", "tmp"]) await mkdir(path.join(home, name));
    for (const name of [".", "tmp"]) await chown(path.join(home, name), UID, UID);
    const node = path.relative(process.cwd(), process.execPath);
    const inside = node.startsWith("..") ? process.execPath : node;
    const argv = [
      "--mount",
      "--propagation",
      "private",
      "sh",
      "-c",
      SCRIPT,
      "sh",
      process.cwd(),
      home,
      inside,
    ];
    const said = await new Promise<string>((resolve) => {
      execFile("unshare", argv, { maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
    const text = await readFile(path.join(home, "tmp/report.json"), "utf8").catch(() => {
      throw new Error(`the contract did not run: ${said}`);
    });
    const results = (JSON.parse(text) as Report).testResults.flatMap((file) => file.assertionResults);
    expect(results.filter(({ status }) => status !== "passed")).toEqual([]);
    expect(results.length).toBeGreaterThan(100);
  });
});
