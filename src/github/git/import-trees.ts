import { Readable } from "node:stream";
import type { BareRepository } from "#github/git/bare-repository.ts";
import type { TreeEntry } from "#snapshots/tree.ts";

type ReadContent = (entry: TreeEntry) => Promise<Buffer>;

/**
 * Writes stored trees into the repository, in one go; contents that they share are read once. The bytes are written
 * as they are: a pointer of Git LFS stays a pointer, a line end a line end.
 * @returns git's names of the trees
 */
export async function importTrees(
  repository: BareRepository,
  trees: TreeEntry[][],
  readContent: ReadContent,
): Promise<string[]> {
  if (trees.length === 0) return [];
  const script = Readable.from(fastImport(trees, readContent));
  await repository.local(["fast-import", "--quiet", "--force", "--done"], {
    input: script,
    timeoutMs: 600_000,
  });
  const names = await repository.local(["rev-parse", ...trees.map((_, index) => `${refOf(index)}^{tree}`)]);
  return names.split("\n");
}

async function* fastImport(trees: TreeEntry[][], read: ReadContent): AsyncGenerator<string | Buffer> {
  const marks = new Map<string, number>();
  for (const [index, entries] of trees.entries()) {
    for (const entry of entries) {
      if (marks.has(entry.hash)) continue;
      marks.set(entry.hash, marks.size + 1);
      const content = await read(entry);
      yield `blob\nmark :${marks.size}\ndata ${content.length}\n`;
      yield content;
      yield "\n";
    }
    yield `reset ${refOf(index)}\n\ncommit ${refOf(index)}\ncommitter Carrel <carrel@localhost> 0 +0000\ndata 0\n`;
    if (index > 0) yield `from ${refOf(index - 1)}\n`;
    const before = new Map((trees[index - 1] ?? []).map((entry) => [entry.path, entry]));
    const after = new Set(entries.map(({ path }) => path));
    // Before what is new: a directory may stand where a file stood.
    for (const path of before.keys()) if (!after.has(path)) yield `D ${quoted(path)}\n`;
    for (const entry of entries) {
      const old = before.get(entry.path);
      if (old?.hash === entry.hash && old.mode === entry.mode) continue;
      yield `M ${entry.mode} :${marks.get(entry.hash)} ${quoted(entry.path)}\n`;
    }
    yield "\n";
  }
  yield "done\n";
}

function refOf(index: number): string {
  return `refs/carrel/tree-${index}`;
}

/** A path as fast-import reads it: quoted like a string of C. */
function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
