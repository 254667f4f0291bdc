import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { provideRuntime } from "#workspaces/drivers/local/runtime-files.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

async function checkout(): Promise<{ home: string; sources: string; node: string }> {
  const dir = await temporaryDirectory();
  const [home, sources, node] = [path.join(dir, "home"), path.join(dir, "sources"), path.join(dir, "node")];
  await mkdir(sources, { mode: 0o700 });
  await writeFile(
    path.join(sources, "main.ts"),
    'import { a } from "./a.ts";\nconst n: number = a;\nconsole.log(n);\n',
    { mode: 0o600 },
  );
  await writeFile(path.join(sources, "a.ts"), "export const a = 41 as number;\n", { mode: 0o600 });
  await writeFile(path.join(sources, "package.json"), '{"type":"module"}', { mode: 0o600 });
  await writeFile(node, "a program", { mode: 0o755 });
  return { home, sources, node };
}

test("sources of a checkout that is its owner's alone become files that a sandbox can read, without types", async () => {
  const { home, sources, node } = await checkout();
  const { supervisor } = await provideRuntime(home, sources, node);
  expect((await readdir(supervisor)).sort()).toEqual(["a.js", "main.js", "package.json"]);
  for (const name of ["a.js", "main.js", "package.json"]) {
    expect((await stat(path.join(supervisor, name))).mode & 0o777).toBe(0o644);
  }
  expect((await stat(supervisor)).mode & 0o777).toBe(0o755);
  const main = await readFile(path.join(supervisor, "main.js"), "utf8");
  expect(main).toContain('from "./a.js"');
  expect(main).not.toContain(": number");
});

test("they are made once, and anew when a source changes", async () => {
  const { home, sources, node } = await checkout();
  const first = await provideRuntime(home, sources, node);
  expect(await provideRuntime(home, sources, node)).toEqual(first);
  await writeFile(path.join(sources, "a.ts"), "export const a = 42;\n");
  expect((await provideRuntime(home, sources, node)).supervisor).not.toBe(first.supervisor);
});

test("a Node that everybody may run is used where it is, one that they may not is copied", async () => {
  const { home, sources, node } = await checkout();
  expect((await provideRuntime(home, sources, node)).node).toBe(node);
  await chmod(node, 0o700);
  const copy = (await provideRuntime(home, sources, node)).node;
  expect(copy).not.toBe(node);
  expect((await stat(copy)).mode & 0o777).toBe(0o755);
  expect(await readFile(copy, "utf8")).toBe("a program");
});
