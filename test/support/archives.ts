import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** An entry as Python's zipfile and tarfile write it: `mode` as Unix has it, `type` and `link` as a tar has them. */
export interface Entry {
  name: string;
  text?: string;
  /** so many zeros in place of a text */
  zeros?: number;
  mode?: number;
  type?: "file" | "link" | "hard" | "device" | "pipe";
  link?: string;
}

const WRITE = `
import base64, io, json, sys, tarfile, warnings, zipfile
warnings.simplefilter("ignore")
kind, target = sys.argv[1:]
def content(entry): return bytes(entry.get("zeros", 0)) or entry.get("text", "").encode()
entries = json.load(sys.stdin)
if kind == "zip":
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            info = zipfile.ZipInfo(entry["name"])
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = entry.get("mode", 0o100644) << 16
            archive.writestr(info, entry["link"] if "link" in entry else content(entry))
else:
    types = {"file": tarfile.REGTYPE, "link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "device": tarfile.CHRTYPE, "pipe": tarfile.FIFOTYPE}
    with tarfile.open(target, "w:gz" if kind == "tgz" else "w") as archive:
        for entry in entries:
            info = tarfile.TarInfo(entry["name"])
            info.type = types[entry.get("type", "file")]
            info.linkname = entry.get("link", "")
            info.mode = entry.get("mode", 0o644) & 0o777
            info.size = len(content(entry)) if info.isreg() else 0
            archive.addfile(info, io.BytesIO(content(entry)))
`;

/** An archive of exactly these entries, however odd. */
export async function archiveOf(kind: "zip" | "tar" | "tgz", entries: Entry[]): Promise<Buffer> {
  return within(async (directory) => {
    const target = path.join(directory, "archive");
    const writing = run("python3", ["-c", WRITE, kind, target]);
    writing.child.stdin?.end(JSON.stringify(entries));
    await writing;
    return readFile(target);
  });
}

/** What the tool itself makes of a directory with these files; `{out}` in its words is the archive's place. */
export async function packed(files: Record<string, string>, command: string): Promise<Buffer> {
  return within(async (directory) => {
    const [from, out] = [path.join(directory, "project"), path.join(directory, "packed")];
    for (const [name, text] of Object.entries(files)) {
      const target = path.join(from, name);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text);
      if (name.endsWith(".sh")) await chmod(target, 0o755);
    }
    const env = { ...process.env, ...GIT_PERSON, out };
    await run("sh", ["-euc", command], { cwd: directory, env });
    return readFile(out);
  });
}

const GIT_PERSON = {
  GIT_AUTHOR_NAME: "Person",
  GIT_AUTHOR_EMAIL: "person@example.org",
  GIT_COMMITTER_NAME: "Person",
  GIT_COMMITTER_EMAIL: "person@example.org",
  GIT_CONFIG_GLOBAL: "/dev/null",
};

/** All files committed to `trunk`, links and submodules with them. */
export const COMMIT = `cd project; git init -q -b trunk; git add -f .; git commit -qm Code`;

async function within<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(path.join(tmpdir(), "carrel-archive-"));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
