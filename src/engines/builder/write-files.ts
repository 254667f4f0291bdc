import pLimit from "p-limit";
import { isAboutMoney } from "#engines/budget-needed.ts";
import { orderFiles } from "#engines/builder/order-files.ts";
import type { PlanFile } from "#engines/builder/plan.ts";
import { ARRANGED, type Progress } from "#engines/builder/plan-entries.ts";
import type { Project } from "#engines/builder/project.ts";
import type { Purse } from "#engines/builder/purse.ts";
import { FILES_AT_ONCE } from "#engines/builder/tunables.ts";
import { writeFile } from "#engines/builder/write-file.ts";

/**
 * Writes the plan's files, each as a step of its own: as soon as what it depends on is written, several at once. When
 * one fails no other is begun, and what is under way is brought to its end first: it is paid for, and nothing of the
 * run goes on behind its back.
 * @throws what the first of them failed with; BudgetNeeded only when none failed for another reason
 */
export async function writeFiles(project: Project, purse: Purse): Promise<void> {
  const progress: Progress = { done: new Set([ARRANGED]), active: new Set() };
  const atOnce = pLimit(FILES_AT_ONCE);
  const begun = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  for (const file of (orderFiles(project.plan.files) ?? []).flat()) {
    const needed = file.dependsOn.map((path) => begun.get(path));
    const written = Promise.all(needed).then(() =>
      atOnce(async () => {
        if (failures.length > 0) return;
        const write = async () => {
          // It may have waited for its money meanwhile.
          if (failures.length > 0) throw failures[0];
          await writeOne(project, file, progress);
        };
        await purse.write(file, write).catch((error: unknown) => void failures.push(error));
      }),
    );
    begun.set(file.path, written);
  }
  await Promise.all(begun.values());
  if (failures.length > 0) throw failures.find((failure) => !isAboutMoney(failure)) ?? failures[0];
}

async function writeOne(project: Project, file: PlanFile, progress: Progress): Promise<void> {
  const { context, words } = project;
  progress.active.add(file.path);
  const { content } = await context.step(`write:${file.path}`, words.write(file.path), (step) =>
    writeFile(project, step, file, progress),
  );
  project.setWritten(file.path, content);
  progress.active.delete(file.path);
  progress.done.add(file.path);
}
