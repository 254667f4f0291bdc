import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GitServer } from "../git-server.ts";
import { askEmulator, ownerOf } from "./emulator.ts";
import type { FakeState } from "./state.ts";

/**
 * What was pushed, told to the emulator. It allows 5,000 requests an hour to each person, as GitHub does: so a commit is
 * two of them however many files it changes, with their texts inside; only what is no text is one more.
 */
export interface Place {
  state: FakeState;
  git: GitServer;
  owner: string;
  name: string;
}

interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Person;
  committer: Person;
  message: string;
}

interface Person {
  name: string;
  email: string;
  date: string;
}

interface Change {
  path: string;
  mode: string;
  /** null: deleted */
  sha: string | null;
}

const EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

/** Commits that the emulator does not have, parents first. `known`: heads that it has. */
export async function importCommits(place: Place, head: string, known: string[]): Promise<void> {
  const list = ["rev-list", "--reverse", "--topo-order", "--ignore-missing", head, "--not", ...known];
  const shas = (await place.git.git(place.owner, place.name, ...list)).split("\n").filter(Boolean);
  if (shas.length === 0) return;
  const commits = (await readObjects(place, shas)).map((raw, n) => parseCommit(String(shas[n]), raw));
  const trees = new Map(commits.map(({ sha, tree }) => [sha, tree]));
  const outside = commits.flatMap(({ parents: [first] }) => (first && !trees.has(first) ? [first] : []));
  const raw = await readObjects(place, outside);
  for (const [n, sha] of outside.entries()) trees.set(sha, parseCommit(sha, raw[n] as Buffer).tree);
  const bases = commits.map(({ parents: [first] }) => (first ? String(trees.get(first)) : null));
  const changes = await readChanges(
    place,
    commits.map(({ tree }, n) => [bases[n] ?? EMPTY_TREE, tree]),
  );
  for (const [n, commit] of commits.entries()) {
    await importTree(place, commit.tree, bases[n] ?? null, changes[n] ?? []);
    const { message, tree, parents, author, committer } = commit;
    const given = { message, tree, parents, author, committer };
    const made = await api<{ sha: string }>(place, "POST", "/git/commits", given);
    if (made?.sha !== commit.sha) throw new Error(`the emulator calls commit ${commit.sha} ${made?.sha}`);
  }
}

export function api<T>(
  { state, owner, name }: Omit<Place, "git">,
  method: string,
  path: string,
  body?: unknown,
) {
  return askEmulator<T>(state, ownerOf(state, owner), method, `/repos/${owner}/${name}${path}`, body);
}

async function importTree(place: Place, sha: string, base: string | null, changes: Change[]): Promise<void> {
  if (changes.length === 0 && base !== null) return;
  const present = changes.flatMap((change) => (change.sha && change.mode !== "160000" ? [change.sha] : []));
  const wanted = [...new Set(present)];
  const contents = new Map((await readObjects(place, wanted)).map((bytes, n) => [wanted[n], bytes]));
  const entries = [];
  for (const { path, mode, sha: object } of changes) {
    const bytes = object === null ? undefined : contents.get(object);
    const type = mode === "160000" ? "commit" : "blob";
    const text = bytes && textOf(bytes);
    if (bytes && text === null) await addBlob(place, bytes);
    entries.push({ path, mode, type, ...(typeof text === "string" ? { content: text } : { sha: object }) });
  }
  const made = await api<{ sha: string }>(place, "POST", "/git/trees", {
    ...(base !== null && { base_tree: base }),
    tree: entries,
  });
  if (made?.sha !== sha) throw new Error(`the emulator calls tree ${sha} ${made?.sha}`);
}

async function addBlob(place: Place, bytes: Buffer): Promise<void> {
  await api(place, "POST", "/git/blobs", { content: bytes.toString("base64"), encoding: "base64" });
}

function textOf(bytes: Buffer): string | null {
  const text = bytes.toString("utf8");
  return Buffer.from(text).equals(bytes) ? text : null;
}

/** What each tree changes of the one before it, by file. */
async function readChanges(place: Place, pairs: [before: string, after: string][]): Promise<Change[][]> {
  const input = pairs.map(([before, after]) => `${before} ${after}\n`).join("");
  const output = (await run(place, ["diff-tree", "--stdin", "-r", "-z", "--no-renames"], input)).toString();
  const all: Change[][] = [];
  let at = 0;
  const upTo = (mark: string) => {
    const end = output.indexOf(mark, at);
    const text = output.slice(at, end);
    at = end + 1;
    return text;
  };
  while (at < output.length) {
    if (output[at] !== ":") {
      upTo("\n");
      all.push([]);
      continue;
    }
    const [, mode = "", , sha = "", status = ""] = upTo("\0").slice(1).split(" ");
    const path = upTo("\0");
    const isGone = status.startsWith("D");
    all.at(-1)?.push({ path, mode: isGone ? "100644" : mode, sha: isGone ? null : sha });
  }
  return all;
}

function parseCommit(sha: string, raw: Buffer): Commit {
  const text = raw.toString();
  const end = text.indexOf("\n\n");
  const lines = text.slice(0, end).split("\n");
  const all = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
  const person = (line = ""): Person => {
    const [, name = "", email = "", seconds = "0"] = /^(.*) <(.*)> (\d+) /.exec(line) ?? [];
    return { name, email, date: new Date(Number(seconds) * 1000).toISOString() };
  };
  return {
    sha,
    tree: String(all("tree")[0]),
    parents: all("parent"),
    author: person(all("author")[0]),
    committer: person(all("committer")[0]),
    message: text.slice(end + 2),
  };
}

/** Objects' contents, in order, by one git. */
async function readObjects(place: Place, shas: string[]): Promise<Buffer[]> {
  if (shas.length === 0) return [];
  const output = await run(place, ["cat-file", "--batch"], `${shas.join("\n")}\n`);
  let at = 0;
  return shas.map(() => {
    const head = output.indexOf(10, at);
    const size = Number(output.subarray(at, head).toString().split(" ")[2]);
    at = head + 1 + size + 1;
    return output.subarray(head + 1, head + 1 + size);
  });
}

async function run({ git, owner, name }: Place, args: string[], input: string): Promise<Buffer> {
  const running = promisify(execFile)("git", ["-C", `${git.root}/${owner}/${name}.git`, ...args], {
    encoding: "buffer",
    maxBuffer: 1 << 30,
  });
  running.child.stdin?.end(input);
  return (await running).stdout;
}
