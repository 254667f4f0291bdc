import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The Python that a sandbox sees; one under somebody's home does not count. */
export const PYTHON = "/usr/bin/python3";
export const hasPython = existsSync(PYTHON);

export interface Ran {
  exit: number;
  output: string;
}

export function newFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), "carrel-demo-"));
}

export async function putFiles(folder: string, files: Map<string, string>): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** Runs a command of a plan in the folder with nothing of this process's environment. */
export function runClean(folder: string, argv: string[]): Promise<Ran> {
  const [program = "", ...rest] = argv;
  const path = program === "node" ? process.execPath : program === "python3" ? PYTHON : program;
  const env = {
    PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
    HOME: folder,
    PYTHONDONTWRITEBYTECODE: "1",
    NODE_ENV: "test" as const,
  };
  return new Promise((resolve, reject) => {
    const child = execFile(path, rest, { cwd: folder, env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ exit: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
    });
    child.stdin?.end();
  });
}

/** How many tests a run says it ran, in the words of unittest or of TAP or the spec reporter. */
export function testsRun(output: string): number {
  return Number(/^Ran (\d+) tests?/m.exec(output)?.[1] ?? /^(?:#|ℹ) tests (\d+)$/m.exec(output)?.[1] ?? 0);
}
