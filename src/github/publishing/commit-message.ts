import type { Line } from "#github/publishing/line.ts";
import { oneLine } from "#github/publishing/plain-text.ts";
import type { WaitingVersion } from "#github/publishing/versions.ts";

/**
 * Subject and trailers. Of what people and models wrote only one line comes in, in the subject, where git reads
 * nothing out of it.
 */
export function commitMessage(line: Line, version: WaitingVersion, request: string | null): string {
  const subject = oneLine(`Version ${version.number}: ${whatFor(version, request)}`, 72);
  const trailers = [
    `Carrel-Version: ${version.number}`,
    ...(version.runId ? [`Carrel-Run: ${version.runId}`] : []),
    `Co-authored-by: ${nameOf(line)} <${line.slug}@agents.carrel.invalid>`,
  ];
  return `${subject}\n\n${trailers.join("\n")}\n`;
}

/** In a few words, for subjects and lists. */
export function whatFor(version: Pick<WaitingVersion, "restoredFrom">, request: string | null): string {
  if (version.restoredFrom !== null) return `back to version ${version.restoredFrom}`;
  return oneLine(request ?? "files as they were approved", 100);
}

/** An agent's name where git writes names: without the characters that end one. */
export function nameOf(line: Pick<Line, "agentName" | "slug">): string {
  const name = oneLine(line.agentName.replaceAll(/[<>"\\]/g, ""), 60);
  return name === "" ? line.slug : name;
}
