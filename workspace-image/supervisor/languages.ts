import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";

// Written when the image is made, where nothing can change it; elsewhere there is none.
const KNOWN = "/opt/carrel/languages.json";

/** Language -> version of what can really be started in here: known from the image, else found by trying. */
export async function languagesHere(): Promise<Record<string, string>> {
  const known = await readFile(KNOWN, "utf8").catch(() => null);
  return known === null ? findLanguages() : (JSON.parse(known) as Record<string, string>);
}

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
