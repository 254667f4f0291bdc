import { readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { keepSecrets } from "#launch/keep-secrets.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("secrets are made once, differ from one another, and only their owner can read them", async () => {
  const home = await temporaryDirectory();
  const made = await keepSecrets(home);
  expect(await keepSecrets(home)).toEqual(made);
  expect(new Set(Object.values(made)).size).toBe(4);
  expect((await stat(path.join(home, "secrets.json"))).mode & 0o777).toBe(0o600);
});

test("a damaged file is named and kept, never replaced", async () => {
  const home = await temporaryDirectory();
  const file = path.join(home, "secrets.json");
  await writeFile(file, '{"NEXTAUTH_SECRET":"half');
  await expect(keepSecrets(home)).rejects.toThrow(/secrets\.json is damaged/);
  expect(await readFile(file, "utf8")).toBe('{"NEXTAUTH_SECRET":"half');
});
