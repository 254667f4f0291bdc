import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readTsc } from "#engines/builder/checks/read-findings.ts";
import { TOOLS } from "#engines/builder/checks/tools.ts";
import { newFolder, putFiles } from "../../support/demo-projects.ts";
import { planFor, writtenFiles } from "../../support/demo-prompts.ts";
import { OFFERED, REQUESTS } from "../../support/demo-requests.ts";

const TSC = fileURLToPath(new URL("../../../node_modules/typescript/bin/tsc", import.meta.url));
const CHANGE = "Add a --json option and a test for empty input";

/** Every program in TypeScript, as it is made and as it is after a change, each in a folder of its own. */
function everyProgram(): Map<string, string> {
  const all = new Map<string, string>();
  const put = (folder: string, files: Map<string, string>) => {
    for (const [path, content] of files) all.set(`${folder}/${path}`, content);
  };
  for (const [program, { ko }] of Object.entries(REQUESTS)) {
    const request = `${ko} (TypeScript)`;
    const languages = OFFERED.typescript;
    const plan = planFor([request], { languages });
    const files = writtenFiles([request], plan);
    put(`made/${program}`, files);
    const existing = [...files.keys()];
    const next = planFor([request], { languages, currentPlan: plan, existing, requestedChanges: CHANGE });
    put(`changed/${program}`, writtenFiles([request, CHANGE], next, files));
  }
  return all;
}

function runTsc(folder: string, args: string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { cwd: folder, maxBuffer: 64 << 20 };
    execFile(process.execPath, [TSC, ...args], options, (_, stdout) => resolve(stdout));
  });
}

test("the type checker of the workspace finds nothing in the programs in TypeScript, and what is wrong beside them", async () => {
  const folder = await newFolder();
  try {
    const files = everyProgram();
    files.set("wrong.ts", 'export const count: number = "one";\n');
    await putFiles(folder, files);
    const paths = [...files.keys()].filter((path) => path.endsWith(".ts"));
    expect(paths.length).toBeGreaterThan(250);
    const [, ...args] = TOOLS.find(({ name }) => name === "tsc")?.argv(paths, () => false) ?? [];
    const findings = readTsc(await runTsc(folder, args), paths);
    expect(findings).toMatchObject([{ path: "wrong.ts", message: expect.stringContaining("TS2322") }]);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 240_000);
