import { execFile } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { missingPrograms } from "#workspaces/drivers/local/launcher.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const NO_BUBBLEWRAP = (await missingPrograms("bubblewrap")).includes("bwrap");

// Runs a command as if on a machine whose kernel gives nobody a namespace.
const REFUSING = ["--unshare-user", "--disable-userns", "--dev-bind", "/", "/", "--"];

test("where the kernel refuses namespaces nothing runs, and one line says what to do", async (context) => {
  if (NO_BUBBLEWRAP) context.skip("bubblewrap is needed to refuse namespaces");
  const home = await temporaryDirectory();
  const script = `
    import { LocalDriver } from "#workspaces/drivers/local/local-driver.ts";
    const driver = new LocalDriver({ home: process.argv[1] });
    const spec = { userId: "u", slot: 1, memoryBytes: 1e9, cpus: 1, processes: 99, openFiles: 99, diskBytes: 1e9 };
    for (const ask of [() => driver.probe(), () => driver.start(spec)]) {
      await ask().then(() => console.log("it ran"), (error) => console.log(JSON.stringify([error.code, error.message])));
    }`;
  const node = [process.execPath, "--input-type=module", "-e", script, home];
  const stdout = await new Promise<string>((resolve) => {
    execFile("bwrap", [...REFUSING, ...node], { cwd: path.resolve(".") }, (_error, out, err) =>
      resolve(out + err),
    );
  });
  const answers = stdout.trim().split("\n");
  expect(answers).toHaveLength(2);
  for (const answer of answers) {
    const [code, message] = JSON.parse(answer) as [string, string];
    expect(code).toBe("unavailable");
    expect(message).toMatch(/refuses to make a sandbox.*Install bubblewrap/);
    expect(message).not.toContain("\n");
  }
});
