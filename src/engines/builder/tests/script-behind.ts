import { z } from "zod";
import type { Project } from "#engines/builder/project.ts";

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

/** What `npm test` or `npm run x` calls, where that is one plain command; the command itself otherwise. */
export async function scriptBehind(project: Project, argv: string[]): Promise<string[]> {
  const [program, verb, ...rest] = argv;
  if (program !== "npm" && program !== "pnpm") return argv;
  const name = verb === "run" || verb === "run-script" ? rest[0] : verb === "t" ? "test" : verb;
  const given = rest.slice(verb === "run" || verb === "run-script" ? 1 : 0).filter((word) => word !== "--");
  const script = name && (await scriptsOf(project))[name];
  // Whatever only a shell can read is left to npm.
  if (!script || /[^\w\s@%+=:,./-]/.test(script)) return argv;
  return [...script.trim().split(/\s+/), ...given];
}

async function scriptsOf(project: Project): Promise<Record<string, string>> {
  // Outside of the try: a read that fails is no missing script, and the step is repeated for it.
  const text = (await project.read("package.json")) ?? "";
  try {
    return Package.parse(JSON.parse(text)).scripts;
  } catch {
    // Not one that names scripts: the command is left to npm, which says so in its own words.
    return {};
  }
}
