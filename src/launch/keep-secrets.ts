import { chmod, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { newSecret } from "#platform/crypto.ts";
import { AppError } from "#platform/errors.ts";

/** What embedded mode needs and nobody should have to invent. */
const Secrets = z.object({
  NEXTAUTH_SECRET: z.string().min(32),
  CARREL_RUNNER_SECRET: z.string().min(32),
  CARREL_RUN_TOKEN_SECRET: z.string().min(32),
  POSTGRES_PASSWORD: z.string().min(32),
});
export type Secrets = z.infer<typeof Secrets>;

/** What `secrets.json` below `home` says, or null when there is none yet. */
export async function readSecrets(home: string): Promise<Secrets | null> {
  const file = fileIn(home);
  const kept = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new AppError("unavailable", `Cannot read ${file} (${error.code}): it should belong to you`, {
      cause: error,
    });
  });
  return kept === null ? null : parse(file, kept);
}

/** Reads the secrets, or makes them: once, readable by their owner alone. Only for who holds the lock on `home`. */
export async function keepSecrets(home: string): Promise<Secrets> {
  const file = fileIn(home);
  const kept = await readSecrets(home);
  if (kept !== null) {
    await chmod(file, 0o600);
    return kept;
  }
  const secrets: Secrets = {
    NEXTAUTH_SECRET: newSecret(),
    CARREL_RUNNER_SECRET: newSecret(),
    CARREL_RUN_TOKEN_SECRET: newSecret(),
    POSTGRES_PASSWORD: newSecret(),
  };
  await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
  return secrets;
}

function fileIn(home: string): string {
  return path.join(home, "secrets.json");
}

function parse(file: string, text: string): Secrets {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below, in the same words as any other fault of the file.
    value = null;
  }
  const parsed = Secrets.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AppError(
    "conflict",
    `${file} is damaged: restore it from a backup (the database's password is in it)`,
  );
}
