import { access, readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";

const DOCUMENTS = ["README.md", "ARCHITECTURE.md", "docs/benchmarks.md"];

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

test.each(DOCUMENTS)("every file and folder that %s names is there", async (document) => {
  const text = await readFile(document, "utf8");
  const named = [...text.matchAll(/`((?:[\w.-]+\/)+[\w.-]*)`|\]\(([\w./-]+)\)/g)].map(
    (match) => match[1] ?? match[2] ?? "",
  );
  const missing: string[] = [];
  for (const name of named) {
    // Rooms are named as they are seen from src/.
    if (!(await isThere(name)) && !(await isThere(path.join("src", name)))) missing.push(name);
  }
  expect(missing).toEqual([]);
});

test("ARCHITECTURE.md has a line for every room", async () => {
  const text = await readFile("ARCHITECTURE.md", "utf8");
  const rooms = (await readdir("src", { withFileTypes: true })).filter((entry) => entry.isDirectory());
  expect(rooms.filter(({ name }) => !text.includes(`\`${name}/\``)).map(({ name }) => name)).toEqual([]);
});
