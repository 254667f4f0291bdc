import type { z } from "zod";
import { type Finding, oneLine, pathInProject } from "#engines/builder/checks/finding.ts";

/** The finding, where what it is said of is a file of the project. */
export function findingAt(said: string, paths: readonly string[], finding: Omit<Finding, "path">): Finding[] {
  const path = pathInProject(said, paths);
  return path === null ? [] : [{ ...finding, message: oneLine(finding.message), path }];
}

/** null: it is no such report, as when the tool broke. */
export function parseReport<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
