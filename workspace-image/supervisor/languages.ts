import { execFile } from "node:child_process";

/** Language -> version of what can really be started in here. */
export async function findLanguages(): Promise<Record<string, string>> {
  const [python, bash] = await Promise.all([
    firstVersion("/usr/bin/python3", ["-V"]),
    firstVersion("/bin/bash", ["--version"]),
  ]);
  const found: Record<string, string | null> = {
    python,
    javascript: process.versions.node,
    // Node runs it by stripping the types, so its version is Node's.
    typescript: process.features.typescript ? process.versions.node : null,
    bash,
  };
  return Object.fromEntries(
    Object.entries(found).filter((each): each is [string, string] => each[1] !== null),
  );
}

function firstVersion(program: string, argv: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      program,
      argv,
      { timeout: 5000, env: { LANG: "C" } as unknown as NodeJS.ProcessEnv },
      (error, stdout) => {
        resolve(error ? null : (/\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? null));
      },
    );
  });
}
