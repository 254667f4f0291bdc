import { rm } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { Plan } from "#engines/builder/plan.ts";
import { hasPython, newFolder, PYTHON, putFiles, runClean, testsRun } from "../../support/demo-projects.ts";
import { type DemoPlan, editsFor, planFor, writtenFiles } from "../../support/demo-prompts.ts";
import { OFFERED, REQUESTS } from "../../support/demo-requests.ts";

// Many interpreters start here; on a busy machine each takes its time.
vi.setConfig({ testTimeout: 120_000 });

const NO_PYTHON = `python3 is missing (${PYTHON})`;
const CHANGE = "Add a --json option and a test for empty input, and rename it to “Nova”";

async function testsOf(folder: string, plan: DemoPlan) {
  const ran = await runClean(folder, plan.commands.test[0] ?? []);
  return { ...ran, count: testsRun(ran.output) };
}

async function build(folder: string, program: string, request: string, language: Language) {
  const plan = planFor([request], { languages: OFFERED[language] });
  expect(
    problemsOfPlan(Plan.parse(plan), {
      languages: language === "python" ? { python: "3" } : { javascript: "22", [language]: "22" },
      existing: [],
    }),
  ).toEqual([]);
  expect(plan.testStrategy).toContain(`[demo ${program}; ${language}; `);
  expect(plan.files.filter((file) => file.language === language).length).toBeGreaterThanOrEqual(4);
  const files = writtenFiles([request], plan);
  expect(files.get("README.md")).toMatch(/demo model|데모 모델|デモモデル/);
  await putFiles(folder, files);
  let ran = await testsOf(folder, plan);
  expect(ran.count, ran.output).toBeGreaterThanOrEqual(5);
  if (program.startsWith("library/")) {
    expect(ran.exit, `the planted mistake is not found:\n${ran.output}`).toBe(1);
    const { edits, explanation } = editsFor([request], plan, ran.output, files);
    expect(edits).toHaveLength(1);
    expect(explanation).not.toMatch(/not as planned|바로잡았습니다|正しました/);
    for (const { path, content } of edits) files.set(path, content);
    await putFiles(folder, files);
    ran = await testsOf(folder, plan);
  }
  expect(ran.exit, ran.output).toBe(0);
  return { plan, files, ran };
}

/** What the README says to type, and what the plan says to run. */
async function follow(folder: string, program: string, { plan, files }: Awaited<ReturnType<typeof build>>) {
  const usage = /```sh\n([^`]*)```/.exec(files.get("README.md") ?? "")?.[1] ?? "";
  if (!program.startsWith("library/")) expect(usage).not.toBe("");
  const followed = await runClean(folder, ["/bin/bash", "-euo", "pipefail", "-c", usage]);
  expect(followed.exit, `the README's commands:\n${usage}\n${followed.output}`).toBe(0);
  for (const argv of plan.commands.run ?? []) {
    const ran = await runClean(folder, argv);
    expect(ran.exit, `${argv.join(" ")}\n${ran.output}`).toBe(0);
    expect(ran.output.trim()).not.toBe("");
  }
}

async function change(
  folder: string,
  request: string,
  language: Language,
  before: Awaited<ReturnType<typeof build>>,
) {
  const { plan, files, ran } = before;
  const next = planFor([request], {
    languages: OFFERED[language],
    currentPlan: plan,
    existing: [...files.keys()],
    requestedChanges: CHANGE,
  });
  expect(next.files.map((file) => file.path)).toContain("README.md");
  expect(next.files.length).toBeLessThan(plan.files.length);
  await putFiles(folder, writtenFiles([request, CHANGE], next, files));
  const again = await testsOf(folder, next);
  expect(again.exit, again.output).toBe(0);
  expect(again.count).toBeGreaterThan(ran.count);
}

type Language = keyof typeof OFFERED;
const LANGUAGES = ["python", "javascript", "typescript"] as const;
const HUMANS = ["en", "ko", "ja"] as const;

for (const language of LANGUAGES) {
  const lacks = language === "python" && !hasPython;
  describe(`the demo model's programs in ${language}`, () => {
    for (const [index, [program, requests]] of Object.entries(REQUESTS).entries()) {
      // Interpreters take their time to start: what does not depend on the words is tried in one of their languages.
      const tried = HUMANS[index % HUMANS.length] ?? "en";
      test.concurrent(`${program} passes its own tests and runs, in the languages of people, and after changes`, async ({
        skip,
      }) => {
        skip(lacks, NO_PYTHON);
        // TypeScript is JavaScript with types: the words are the same, so one language of people shows it.
        for (const human of language === "typescript" ? [tried] : HUMANS) {
          const folder = await newFolder();
          try {
            const request = requests[human] + (language === "typescript" ? " (TypeScript)" : "");
            const built = await build(folder, program, request, language);
            expect(built.plan.language, request).toBe(human);
            if (human !== tried) continue;
            await follow(folder, program, built);
            await change(folder, request, language, built);
          } finally {
            await rm(folder, { recursive: true });
          }
        }
      });
    }
  });
}
