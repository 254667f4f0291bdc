import type { CommandResult } from "#engines/builder/run-command.ts";

/** What went wrong, in words for the repairer. */
export interface Failure {
  command: string;
  exit: string;
  output: string;
}

/** characters of a failing command's end that the repairer gets */
const OUTPUT_FOR_REPAIR = 8_000;

export function failureOf(result: CommandResult, remark: string | null = result.trouble): Failure {
  const output = [withoutTimes(result.tail).slice(-OUTPUT_FOR_REPAIR), remark].filter(Boolean).join("\n");
  return { command: result.command, exit: String(result.exitCode ?? "none"), output };
}

/** How long each test took tells the repairer nothing, and would make every question a new one. */
function withoutTimes(output: string): string {
  return output.replaceAll(/^[ #]*duration_ms:? [\d.]+\n/gm, "").replaceAll(/ in \d+\.\d+s$/gm, "");
}
