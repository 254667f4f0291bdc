import { expect, test } from "vitest";
import { installsOf } from "#engines/builder/install/installs-of.ts";
import type { Plan } from "#engines/builder/plan.ts";
import { Project } from "#engines/builder/project.ts";
import type { KeptTree, RunContext } from "#engines/engine.ts";
import { GOOD_PLAN } from "../../support/scripted-builder.ts";

const NOTHING: KeptTree = { paths: [], look: () => null, read: async () => null };

async function labelsFor(files: Record<string, string>): Promise<string[]> {
  const plan: Plan = GOOD_PLAN;
  const background = { conventions: { formatter: null, tests: [] }, guidance: null };
  const project = new Project({} as RunContext, plan, NOTHING, background);
  for (const [path, content] of Object.entries(files)) project.setWritten(path, content);
  return (await installsOf(project)).map(({ label }) => label);
}

const PIP = "pip install -r requirements.txt";

test.each([
  ["requirements.txt", "# none\n\n  # of them\n", []],
  ["requirements.txt", "\r\n# first\r\n  flask==3.0.0\r\n", [PIP]],
  ["pyproject.toml", '[project]\nname = "x"\n', []],
  ["pyproject.toml", "[project]\n  dependencies = []\n", ["pip install (pyproject.toml)"]],
  ["pyproject.toml", "[dependency-groups]\n", ["pip install (pyproject.toml)"]],
])("%s of %j", async (path, content, labels) => {
  expect((await labelsFor({ [path]: content })).filter((label) => !label.includes("venv"))).toEqual(labels);
});

test("files of empty lines alone are read once", async () => {
  const empty = `${"\n".repeat(1_000_000)}#`;
  expect(await labelsFor({ "requirements.txt": empty, "pyproject.toml": empty })).toEqual([]);
});
