import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GitServer } from "../git-server.ts";
import { askEmulator, ownerOf } from "./emulator.ts";
import type { FakeState } from "./state.ts";

/**
 * The emulator keeps true git objects but does not speak git. Each of its repositories has a bare one at its side:
 * what the API wrote is there before git reads, and what git pushed is known to the API afterwards.
 */
export interface GitBridge {
  /** before a fetch or a push */
  toGit(owner: string, name: string): Promise<void>;
  /** after a push */
  toApi(owner: string, name: string): Promise<void>;
}

interface Ref {
  ref: string;
  object: { sha: string };
}

interface ApiCommit {
  tree: { sha: string };
  parents: { sha: string }[];
  author: { name: string; email: string; date: string };
  committer: { name: string; email: string; date: string };
  message: string;
}

export function gitBridge(state: FakeState, git: GitServer): GitBridge {
  const made = new Set<string>();
  const turns = new Map<string, Promise<void>>();

  /** One at a time in each repository. */
  function inTurn(key: string, work: () => Promise<void>): Promise<void> {
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
    turns.set(key, turn);
    return turn;
  }

  async function place(owner: string, name: string): Promise<void> {
    if (made.has(`${owner}/${name}`)) return;
    await git.create(owner, name);
    made.add(`${owner}/${name}`);
  }

  return {
    toGit: (owner, name) =>
      inTurn(`${owner}/${name}`, async () => {
        await place(owner, name);
        await exportRefs(state, git, owner, name);
      }),
    toApi: (owner, name) =>
      inTurn(`${owner}/${name}`, async () => {
        await place(owner, name);
        await importRefs(state, git, owner, name);
      }),
  };
}

function api<T>(state: FakeState, owner: string, name: string, method: string, path: string, body?: unknown) {
  return askEmulator<T>(state, ownerOf(state, owner), method, `/repos/${owner}/${name}${path}`, body);
}

async function apiRefs(state: FakeState, owner: string, name: string): Promise<Map<string, string>> {
  const refs = await api<Ref[]>(state, owner, name, "GET", "/git/matching-refs/heads");
  return new Map((refs ?? []).map(({ ref, object }) => [ref, object.sha]));
}

async function gitRefs(git: GitServer, owner: string, name: string): Promise<Map<string, string>> {
  const lines = (
    await git.git(owner, name, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads")
  ).split("\n");
  return new Map(lines.filter(Boolean).map((line) => line.split(" ") as [string, string]));
}

async function exportRefs(state: FakeState, git: GitServer, owner: string, name: string): Promise<void> {
  const wanted = await apiRefs(state, owner, name);
  for (const [ref, sha] of wanted) {
    await exportCommit(state, git, owner, name, sha);
    await git.git(owner, name, "update-ref", ref, sha);
  }
  for (const ref of (await gitRefs(git, owner, name)).keys()) {
    if (!wanted.has(ref)) await git.git(owner, name, "update-ref", "-d", ref);
  }
}

async function has(git: GitServer, owner: string, name: string, sha: string): Promise<boolean> {
  return git.git(owner, name, "cat-file", "-e", sha).then(
    () => true,
    () => false,
  );
}

async function exportCommit(
  state: FakeState,
  git: GitServer,
  owner: string,
  name: string,
  sha: string,
): Promise<void> {
  if (await has(git, owner, name, sha)) return;
  const commit = await api<ApiCommit>(state, owner, name, "GET", `/git/commits/${sha}`);
  if (!commit) throw new Error(`the emulator has no commit ${sha}`);
  for (const parent of commit.parents) await exportCommit(state, git, owner, name, parent.sha);
  await exportTree(state, git, owner, name, commit.tree.sha);
  const person = (who: ApiCommit["author"]) =>
    `${who.name} <${who.email}> ${Math.floor(Date.parse(who.date) / 1000)} +0000`;
  const text = [
    `tree ${commit.tree.sha}`,
    ...commit.parents.map((parent) => `parent ${parent.sha}`),
    `author ${person(commit.author)}`,
    `committer ${person(commit.committer)}`,
    "",
    commit.message.endsWith("\n") ? commit.message : `${commit.message}\n`,
  ].join("\n");
  await store(git, owner, name, ["hash-object", "-t", "commit", "-w", "--stdin"], text, sha);
}

interface ApiTree {
  tree: { path: string; mode: string; type: string; sha: string }[];
}

async function exportTree(
  state: FakeState,
  git: GitServer,
  owner: string,
  name: string,
  sha: string,
): Promise<void> {
  if (await has(git, owner, name, sha)) return;
  const tree = await api<ApiTree>(state, owner, name, "GET", `/git/trees/${sha}`);
  for (const entry of tree?.tree ?? []) {
    if (entry.type === "tree") await exportTree(state, git, owner, name, entry.sha);
    if (entry.type === "blob") await exportBlob(state, git, owner, name, entry.sha);
  }
  const lines = (tree?.tree ?? []).map(
    ({ mode, type, sha: object, path }) => `${mode} ${type} ${object}\t${path}\0`,
  );
  await store(git, owner, name, ["mktree", "-z", "--missing"], lines.join(""), sha);
}

async function exportBlob(
  state: FakeState,
  git: GitServer,
  owner: string,
  name: string,
  sha: string,
): Promise<void> {
  if (await has(git, owner, name, sha)) return;
  const blob = await api<{ content: string }>(state, owner, name, "GET", `/git/blobs/${sha}`);
  await store(
    git,
    owner,
    name,
    ["hash-object", "-w", "--stdin"],
    Buffer.from(blob?.content ?? "", "base64"),
    sha,
  );
}

/** Feeds an object to git and makes sure that both call it by the same name. */
async function store(
  git: GitServer,
  owner: string,
  name: string,
  args: string[],
  input: string | Buffer,
  expected: string,
): Promise<void> {
  const running = promisify(execFile)("git", ["-C", `${git.root}/${owner}/${name}.git`, ...args]);
  running.child.stdin?.end(input);
  const sha = (await running).stdout.trim();
  if (sha !== expected) throw new Error(`git ${args[0]}: ${sha} where the emulator has ${expected}`);
}

async function importRefs(state: FakeState, git: GitServer, owner: string, name: string): Promise<void> {
  const known = await apiRefs(state, owner, name);
  const pushed = await gitRefs(git, owner, name);
  for (const [ref, sha] of pushed) {
    if (known.get(ref) === sha) continue;
    const shas = (await git.git(owner, name, "rev-list", "--reverse", "--topo-order", sha))
      .split("\n")
      .filter(Boolean);
    for (const commit of shas) await importCommit(state, git, owner, name, commit);
    if (known.has(ref)) await api(state, owner, name, "PATCH", `/git/${ref}`, { sha, force: true });
    else await api(state, owner, name, "POST", "/git/refs", { ref, sha });
  }
  for (const ref of known.keys()) {
    if (!pushed.has(ref)) await api(state, owner, name, "DELETE", `/git/${ref}`);
  }
}

async function importCommit(
  state: FakeState,
  git: GitServer,
  owner: string,
  name: string,
  sha: string,
): Promise<void> {
  if (await api(state, owner, name, "GET", `/git/commits/${sha}`)) return;
  const [tree = "", parents = "", ...person] = (
    await git.git(owner, name, "log", "-1", "--format=%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI", sha)
  ).split("\n");
  await importTree(state, git, owner, name, tree);
  const [an, ae, ad, cn, ce, cd] = person;
  const raw = await git.git(owner, name, "cat-file", "commit", sha);
  const made = await api<{ sha: string }>(state, owner, name, "POST", "/git/commits", {
    message: raw.slice(raw.indexOf("\n\n") + 2),
    tree,
    parents: parents.split(" ").filter(Boolean),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
  });
  if (made?.sha !== sha) throw new Error(`the emulator calls commit ${sha} ${made?.sha}`);
}

async function importTree(
  state: FakeState,
  git: GitServer,
  owner: string,
  name: string,
  sha: string,
): Promise<void> {
  if (await api(state, owner, name, "GET", `/git/trees/${sha}`)) return;
  const lines = (await git.git(owner, name, "ls-tree", "-r", "-z", sha)).split("\0").filter(Boolean);
  const entries = lines.map((line) => {
    const [, mode, type, object, path] = /^(\d+) (\w+) (\w+)\t(.*)$/s.exec(line) ?? [];
    return { mode, type, sha: String(object), path };
  });
  const blobs = entries.flatMap(({ sha: blob, type }) => (type === "blob" ? [blob] : []));
  await importBlobs(state, git, owner, name, [...new Set(blobs)]);
  const made = await api<{ sha: string }>(state, owner, name, "POST", "/git/trees", { tree: entries });
  if (made?.sha !== sha) throw new Error(`the emulator calls tree ${sha} ${made?.sha}`);
}

/** Of thousands of files: by one git, and some at once. */
const AT_ONCE = 16;
const known = new WeakMap<FakeState, Set<string>>();

async function importBlobs(
  state: FakeState,
  git: GitServer,
  owner: string,
  name: string,
  shas: string[],
): Promise<void> {
  const there = known.get(state) ?? new Set();
  known.set(state, there);
  const missing = shas.filter((sha) => !there.has(`${owner}/${name}/${sha}`));
  if (missing.length === 0) return;
  const contents = await readBlobs(`${git.root}/${owner}/${name}.git`, missing);
  const left = [...missing.entries()];
  const work = async () => {
    for (let next = left.pop(); next; next = left.pop()) {
      const [index, sha] = next;
      const content = String(contents[index]?.toString("base64"));
      await api(state, owner, name, "POST", "/git/blobs", { content, encoding: "base64" });
      there.add(`${owner}/${name}/${sha}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

async function readBlobs(directory: string, shas: string[]): Promise<Buffer[]> {
  const running = promisify(execFile)("git", ["-C", directory, "cat-file", "--batch"], {
    encoding: "buffer",
    maxBuffer: 1 << 30,
  });
  running.child.stdin?.end(`${shas.join("\n")}\n`);
  const { stdout } = await running;
  let at = 0;
  return shas.map(() => {
    const head = stdout.indexOf(10, at);
    const size = Number(stdout.subarray(at, head).toString().split(" ")[2]);
    at = head + 1 + size + 1;
    return stdout.subarray(head + 1, head + 1 + size);
  });
}
