import type { Project } from "#engines/builder/project.ts";
import type { Survey } from "#engines/builder/run/survey-files.ts";
import type { StepContext } from "#engines/engine.ts";
import { sha256 } from "#platform/crypto.ts";
import { isAppError } from "#platform/errors.ts";

/** of files that no checkpoint has, as they are before programs run; more than this is left to the programs */
const MOST = { files: 200, bytes: 20 * 1024 * 1024 };

const SCRIPT = `const { copyFileSync, mkdirSync, readFileSync } = require("node:fs");
const [, to] = process.argv;
mkdirSync(to, { recursive: true });
for (const [index, path] of JSON.parse(readFileSync(0, "utf8")).entries()) {
  try { copyFileSync(path, to + "/" + index); } catch { /* Gone meanwhile: then there is nothing to put back. */ }
}`;

export interface Copies {
  /** What was copied of the path and still has that hash; null: nothing. */
  read(path: string, hash: string): Promise<Buffer | null>;
  drop(): Promise<void>;
}

/**
 * Copies, beside the project, what nothing else could bring back: what was installed or tested left it (a lockfile,
 * say), so that no checkpoint has its content. By a journalled process: a repeated step has the copies of the first.
 */
export async function keepCopies(project: Project, step: StepContext, survey: Survey): Promise<Copies> {
  const { directory } = project.context;
  const paths = pathsToCopy(project, survey);
  const id = step.processId("copies");
  const place = `.carrel/${id}`;
  if (paths.length > 0) {
    const argv = ["node", "-e", SCRIPT, place];
    await directory.run(id, { argv, stdin: JSON.stringify(paths), timeoutMs: 60_000 }, async () => {});
  }
  const gone = (error: unknown) => {
    if (!isAppError(error) || error.code !== "not_found") throw error;
    return null;
  };
  return {
    async read(path, hash) {
      const index = paths.indexOf(path);
      if (index < 0) return null;
      const content = await directory.read(`${place}/${index}`, { maxBytes: MOST.bytes }).catch(gone);
      // A program may have written there, too.
      return content && sha256(content) === hash ? content : null;
    },
    async drop() {
      if (paths.length > 0) await directory.remove(place).catch(gone);
    },
  };
}

function pathsToCopy(project: Project, survey: Survey): string[] {
  const paths: string[] = [];
  let bytes = 0;
  for (const [path, found] of survey) {
    if (found.type !== "file" || project.isOwn(path) || found.hash === project.hashBefore(path)) continue;
    bytes += found.size;
    if (paths.length === MOST.files || bytes > MOST.bytes) break;
    paths.push(path);
  }
  return paths;
}
