import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { GitServer } from "../git-server.ts";
import { api, importCommits } from "./import-pushed.ts";
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

async function apiRefs(state: FakeState, owner: string, name: string): Promise<Map<string, string>> {
  const refs = await api<Ref[]>({ state, owner, name }, "GET", "/git/matching-refs/heads");
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
  const there = await gitRefs(git, owner, name);
  for (const [ref, sha] of wanted) {
    if (there.get(ref) === sha) continue;
    await exportCommit(state, git, owner, name, sha);
    await git.git(owner, name, "update-ref", ref, sha);
  }
  for (const ref of there.keys()) {
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
  const commit = await api<ApiCommit>({ state, owner, name }, "GET", `/git/commits/${sha}`);
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
  const tree = await api<ApiTree>({ state, owner, name }, "GET", `/git/trees/${sha}`);
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
  const blob = await api<{ content: string }>({ state, owner, name }, "GET", `/git/blobs/${sha}`);
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
  const place = { state, git, owner, name };
  for (const [ref, sha] of pushed) {
    if (known.get(ref) === sha) continue;
    await importCommits(place, sha, [...known.values()]);
    if (known.has(ref)) await api(place, "PATCH", `/git/${ref}`, { sha, force: true });
    else await api(place, "POST", "/git/refs", { ref, sha });
    known.set(ref, sha);
  }
  for (const ref of known.keys()) {
    if (!pushed.has(ref)) await api(place, "DELETE", `/git/${ref}`);
  }
}
