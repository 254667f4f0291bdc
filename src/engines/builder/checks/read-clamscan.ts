import { type Finding, pathInProject } from "#engines/builder/checks/finding.ts";
import type { ReadFindings } from "#engines/builder/checks/read-findings.ts";

/** `clamscan --infected --no-summary`: a line `<path>: <signature> FOUND` for each file. */
export const readClamscan: ReadFindings = (stdout, paths) =>
  stdout.split("\n").flatMap((line): Finding[] => {
    const [, said = "", signature] = /^(.+): (\S+) FOUND$/.exec(line) ?? [];
    const path = pathInProject(said, paths);
    return path === null ? [] : [{ severity: "error", message: `malware: ${signature}`, path }];
  });
