import { z } from "zod";
import { AppError } from "#platform/errors.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { ProcessSpec, Workspace } from "#workspaces/workspace.ts";

export const Snippet = z.strictObject({
  language: z.enum(["javascript", "typescript", "python", "bash"]),
  code: z.string().max(TUNABLES.snippetCodeMost),
  timeoutMs: z.number().int().min(1).max(TUNABLES.snippetMsMost).optional(),
});
export type Snippet = z.infer<typeof Snippet>;

export interface SnippetResult {
  /** null: a signal ended it */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  durationMs: number;
  timedOut: boolean;
  outOfMemory: boolean;
  truncated: boolean;
}

type Command = Pick<ProcessSpec, "argv" | "env" | "stdin" | "script">;

/**
 * Before the program: what the agent's project has installed is found first, as in its own directory: a virtual
 * environment of Python at .venv or venv, programs of node_modules. `$python` is the project's, else the system's.
 */
const PROJECT = [
  "python=/usr/bin/python3",
  'for each in venv .venv; do if [ -x "$each/bin/python" ]; then export VIRTUAL_ENV="$PWD/$each"; fi; done',
  'if [ -n "$VIRTUAL_ENV" ]; then python="$VIRTUAL_ENV/bin/python"; PATH="$VIRTUAL_ENV/bin:$PATH"; fi',
  'if [ -d node_modules/.bin ]; then PATH="$PWD/node_modules/.bin:$PATH"; fi',
].join("\n");

const inProject = (program: string, ...words: string[]) => [
  "/bin/sh",
  "-c",
  `${PROJECT}\nexec ${program} "$@"`,
  "snippet",
  ...words,
];

// The code goes in by a way that leaves no file in the agent's directory and still finds that directory's own files.
const COMMANDS: Record<Snippet["language"], (code: string) => Command> = {
  javascript: (code) => ({ argv: inProject("node", "-"), stdin: code }),
  typescript: (code) => ({
    // Enumerations and namespaces too, which are more than types.
    argv: inProject(
      "node",
      "--disable-warning=ExperimentalWarning",
      "--experimental-transform-types",
      "--input-type=module-typescript",
      "-",
    ),
    stdin: code,
  }),
  // Safe path: not the script's own directory but ours goes first.
  python: (code) => ({
    argv: inProject('"$python"', "{script}"),
    script: code,
    env: { PYTHONPATH: ".", PYTHONSAFEPATH: "1" },
  }),
  bash: (code) => ({ argv: inProject("/bin/bash", "{script}"), script: code }),
};

/** Runs a piece of code in the agent's directory. @throws AppError bad_request when the language is not there */
export async function runSnippet(
  workspace: Workspace,
  agentId: string,
  snippet: Snippet,
  abort?: AbortSignal,
): Promise<SnippetResult> {
  const { language, code, timeoutMs = TUNABLES.snippetMs } = snippet;
  if (!Object.hasOwn(workspace.languages, language)) {
    const present = Object.keys(workspace.languages).join(", ") || "none";
    throw new AppError("bad_request", `This workspace has no ${language}. It has: ${present}.`);
  }
  const command = { ...COMMANDS[language](code), timeoutMs };
  const { signal: _, ...result } = await workspace.agent(agentId).exec(command, abort);
  return result;
}

/** At most so many at once of each user; the owner of the workspace counts, and there is one owner. */
export class SnippetGate {
  readonly #running = new Map<string, number>();

  /** @throws AppError rate_limited */
  async pass<T>(userId: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(userId) ?? 0;
    if (running >= TUNABLES.snippetsAtOnce) {
      const message = `${TUNABLES.snippetsAtOnce} snippets are running. Wait until one has ended.`;
      throw new AppError("rate_limited", message, { details: { retryAfterSeconds: 1 } });
    }
    this.#running.set(userId, running + 1);
    try {
      return await work();
    } finally {
      const left = (this.#running.get(userId) ?? 1) - 1;
      if (left === 0) this.#running.delete(userId);
      else this.#running.set(userId, left);
    }
  }
}
