import type { BareRepository } from "#github/git/bare-repository.ts";
import type { GitFile } from "#github/importing/list-tree.ts";

/** So much is in memory at a time. */
const BATCH_FILES = 200;
const BATCH_BYTES = 24 * 1024 * 1024;

/** The files' contents as git has them: no filter and no line end is applied. In order, a few at a time. */
export async function* readContents(
  repository: BareRepository,
  files: GitFile[],
): AsyncGenerator<{ file: GitFile; content: Buffer }[]> {
  for (const batch of batches(files)) {
    const input = batch.map(({ object }) => `${object}\n`).join("");
    const output = await repository.localBytes(["cat-file", "--batch"], { input });
    yield cut(batch, output);
  }
}

function* batches(files: GitFile[]): Generator<GitFile[]> {
  let batch: GitFile[] = [];
  let bytes = 0;
  for (const file of files) {
    if (batch.length > 0 && (batch.length === BATCH_FILES || bytes + file.size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.size;
  }
  if (batch.length > 0) yield batch;
}

/** `<object> blob <size>\n<content>\n`, one after the other. */
function cut(batch: GitFile[], output: Buffer): { file: GitFile; content: Buffer }[] {
  let at = 0;
  return batch.map((file) => {
    const start = output.indexOf(0x0a, at) + 1;
    const head = output.subarray(at, start).toString();
    if (start === 0 || !head.startsWith(`${file.object} blob `))
      throw new Error(`git says of ${file.path}: ${head}`);
    const end = start + file.size;
    at = end + 1;
    // A copy: a slice would keep the whole batch in memory.
    return { file, content: Buffer.from(output.subarray(start, end)) };
  });
}
