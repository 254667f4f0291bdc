import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { runNode } from "../../support/run-node.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

const CRUISER = path.resolve("node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
const RULES = ".dependency-cruiser.cjs";

interface Cruise {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
}

async function cruise(dir: string): Promise<Cruise["summary"]> {
  const { stdout } = await runNode([CRUISER, "src", "--config", RULES, "--output-type", "json"], {}, dir);
  return (JSON.parse(stdout) as Cruise).summary;
}

/** A small house of its own with the real rules, and the given files in it. */
async function houseWith(files: Record<string, string>): Promise<string> {
  const dir = await temporaryDirectory();
  for (const name of [RULES, "tsconfig.json", "package.json"]) await cp(name, path.join(dir, name));
  await symlink(path.resolve("node_modules"), path.join(dir, "node_modules"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, "src", name)), { recursive: true });
    await writeFile(path.join(dir, "src", name), content);
  }
  return dir;
}

test("the house keeps its own rules of imports, and all of it was looked at", async () => {
  const { totalCruised, violations } = await cruise(".");
  expect(violations).toEqual([]);
  expect(totalCruised).toBeGreaterThan(100);
});

const THING = "export const thing = 1;\n";

test.each<{ what: string; files: Record<string, string>; rule: string }>([
  {
    what: "an import uphill",
    files: { "platform/a.ts": 'export { thing } from "#runs/b.ts";\n', "runs/b.ts": THING },
    rule: "downhill-from-platform",
  },
  {
    what: "an import of another room's private folder",
    files: {
      "runs/a.ts": 'export { thing } from "#workspaces/drivers/b.ts";\n',
      "workspaces/drivers/b.ts": THING,
    },
    rule: "subfolders-are-private",
  },
  {
    what: "an import of the engine's drivers from outside",
    files: {
      "api/a.ts": 'export { thing } from "#workspaces/drivers/b.ts";\n',
      "workspaces/drivers/b.ts": THING,
    },
    rule: "drivers-only-inside-workspaces",
  },
  {
    what: "a page that reaches into the server",
    files: {
      "app/a.ts": 'export { thing } from "#gateway/providers/b.ts";\n',
      "gateway/providers/b.ts": THING,
    },
    rule: "pages-see-faces-and-ui",
  },
  {
    what: "a circle",
    files: {
      "runs/a.ts": 'import { b } from "#runs/b.ts";\nexport const a = () => b;\n',
      "runs/b.ts": 'import { a } from "#runs/a.ts";\nexport const b = () => a;\n',
    },
    rule: "no-cycles",
  },
  {
    what: "an import of what is not there",
    files: { "runs/a.ts": 'export { thing } from "#runs/nowhere.ts";\n' },
    rule: "nothing-unresolvable",
  },
])("$what is found", async ({ files, rule }) => {
  const { violations } = await cruise(await houseWith(files));
  expect(violations.map((violation) => violation.rule.name)).toContain(rule);
});

test("a house without a violation passes", async () => {
  const dir = await houseWith({
    "runs/a.ts": 'export { thing } from "#platform/b.ts";\n',
    "platform/b.ts": THING,
  });
  expect(await cruise(dir)).toMatchObject({ totalCruised: 2, violations: [] });
});
