import { z } from "zod";
import type { Project } from "#engines/builder/project.ts";

const Package = z.object({ scripts: z.record(z.string(), z.string()) });

/** What a test command comes to, and what its package manager would run before and after it. */
export interface Behind {
  argv: string[];
  before: string[] | null;
  after: string[] | null;
}

/** What `npm test` or `npm run x` calls, where that is one plain command; the command itself otherwise. */
export async function scriptBehind(project: Project, argv: string[]): Promise<Behind> {
  const asIs = { argv, before: null, after: null };
  const [program, verb, ...rest] = argv;
  if (program !== "npm" && program !== "pnpm") return asIs;
  const isRun = verb === "run" || verb === "run-script";
  const name = isRun ? rest[0] : verb === "t" ? "test" : verb;
  const given = rest.slice(isRun ? 1 : 0).filter((word) => word !== "--");
  const scripts = await scriptsOf(project);
  const script = name && scripts[name];
  // Whatever only a shell can read is left to npm.
  if (!script || /[^\w\s@%+=:,./-]/.test(script)) return asIs;
  // npm runs none before and after these in their turn.
  const alone = program === "npm" ? ["--ignore-scripts"] : [];
  const hook = (of: string) => (scripts[of] === undefined ? null : [program, "run", ...alone, of]);
  return {
    argv: [...script.trim().split(/\s+/), ...given],
    before: hook(`pre${name}`),
    after: hook(`post${name}`),
  };
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
