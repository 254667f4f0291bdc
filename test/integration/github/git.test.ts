import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BareRepository, openBareRepository } from "#github/git/bare-repository.ts";
import { fetchBranches } from "#github/git/fetch-branches.ts";
import { importTrees } from "#github/git/import-trees.ts";
import { pushCommit } from "#github/git/push-commit.ts";
import { GitError } from "#github/git/run-git.ts";
import { commitTree, emptyTree, mergeTrees, treeOf } from "#github/git/trees.ts";
import { sha256 } from "#platform/crypto.ts";
import type { TreeEntry } from "#snapshots/tree.ts";
import { type GitServer, gitServer } from "../../fakes/git-server.ts";

let home: string;
let git: GitServer;
let server: Server;
let url: string;
let requests: IncomingMessage[] = [];
let repository: BareRepository;

const TOKEN = "ghs_a-token-of-this-test";

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "carrel-git-"));
  git = gitServer(path.join(home, "server"));
  server = createServer((request, response) => {
    requests.push(request);
    git.serve(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ann/desk.git`;
});

afterAll(async () => {
  server.close();
  await rm(home, { recursive: true, force: true });
});

beforeEach(async () => {
  await rm(path.join(home, "server"), { recursive: true, force: true });
  await git.create("ann", "desk");
  await repository?.remove();
  repository = await openBareRepository(
    { directory: path.join(home, "runner"), env: { PATH: process.env.PATH ?? "" } },
    { url, token: TOKEN },
  );
  requests = [];
});

const contents = new Map<string, Buffer>();
const file = (name: string, content: string | Buffer, mode: TreeEntry["mode"] = "100644"): TreeEntry => {
  const bytes = Buffer.from(content);
  contents.set(sha256(bytes), bytes);
  return { path: name, mode, hash: sha256(bytes), size: bytes.length };
};
const importAll = (...trees: TreeEntry[][]) =>
  importTrees(repository, trees, async ({ hash }) => contents.get(hash) as Buffer);

/** Files on the server's main branch, as a person pushed them. */
async function seed(files: Record<string, string>, branch = "main"): Promise<string> {
  const entries = Object.entries(files).map(([name, content]) => file(name, content));
  const [tree = ""] = await importAll(entries);
  const commit = await commitTree(repository, { tree, parents: [], message: "by hand" });
  await repository.remote(["push", "-q", "origin", `${commit}:refs/heads/${branch}`]);
  await repository.remove();
  repository = await openBareRepository(
    { directory: path.join(home, "runner"), env: { PATH: process.env.PATH ?? "" } },
    { url, token: TOKEN },
  );
  requests = [];
  return commit;
}

test("trees are imported byte by byte: modes, odd names, binary content, a pointer of Git LFS", async () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"4".repeat(64)}\nsize 12345\n`;
  const binary = Buffer.from(Array.from({ length: 512 }, (_, n) => n % 256));
  const one = [
    file("run.sh", "#!/bin/sh\r\n", "100755"),
    file('a "quoted" \\ name', "x"),
    file("日本語/ファイル.txt", "あ\n"),
    file("data.bin", binary),
    file("big.psd", pointer),
    file(".gitattributes", "*.psd filter=lfs diff=lfs merge=lfs -text\n*.sh text eol=lf\n"),
    file("thing", "a file\n"),
  ];
  const two = [
    ...one.filter(({ path: name }) => name !== "thing"),
    file("thing/inside", "now a directory\n"),
  ];
  const [first = "", second = ""] = await importAll(one, two);
  const list = await repository.local(["ls-tree", "-r", "-z", first]);
  expect(
    list
      .split("\0")
      .filter(Boolean)
      .map((line) => line.split(/[ \t]/)[0]),
  ).toEqual(["100644", "100644", "100644", "100644", "100755", "100644", "100644"]);
  for (const { path: name, hash } of one) {
    const shown = execFileSync("git", ["cat-file", "blob", `${first}:${name}`], {
      cwd: await repository.local(["rev-parse", "--absolute-git-dir"]),
    });
    expect(shown.equals(contents.get(hash) as Buffer)).toBe(true);
  }
  expect(await repository.local(["ls-tree", "-r", "--name-only", second, "thing"])).toBe("thing/inside");
});

test("the same tree and people make the same commit, and another commit otherwise", async () => {
  const [tree = ""] = await importAll([file("a", "1")]);
  const people = {
    author: { name: "Ann", email: "ann@example.org" },
    committer: { name: "Carrel", email: "carrel@example.org" },
    at: new Date(1_790_000_000_000),
  };
  const make = (message: string) => commitTree(repository, { tree, parents: [], message, people });
  expect(await make("one")).toBe(await make("one"));
  expect(await make("one")).not.toBe(await make("two"));
});

test("only what is new is sent, and nothing of what the repository holds is fetched", async () => {
  const large = "y".repeat(300_000);
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`d/${n}.txt`, `${n}${large}`]));
  const main = await seed(files);
  const heads = await fetchBranches(repository, ["main", "carrel/desk"]);
  expect([...heads]).toEqual([["main", main]]);
  const entries = Object.entries(files).map(([name, content]) => file(name, content));
  const [before = "", after = ""] = await importAll(entries, [...entries, file("new.txt", "new\n")]);
  expect(before).toBe(await treeOf(repository, main));
  const commit = await commitTree(repository, { tree: after, parents: [main], message: "Version 1" });
  const sent = countBytes();
  expect(await pushCommit(repository, commit, "carrel/desk")).toEqual({ kind: "pushed" });
  expect(sent()).toBeLessThan(2_000);
  expect(requests.length).toBeLessThanOrEqual(7);
  expect(await git.git("ann", "desk", "show", "carrel/desk:new.txt")).toBe("new");
});

function countBytes(): () => number {
  let bytes = 0;
  const count = (request: IncomingMessage) => request.on("data", (piece: Buffer) => (bytes += piece.length));
  server.prependListener("request", count);
  return () => {
    server.off("request", count);
    return bytes;
  };
}

test("a first version of 5,000 files goes out in as few requests as one file; the next sends what changed alone", async () => {
  const main = await seed({ "README.md": "# desk\n" });
  await fetchBranches(repository, ["main", "carrel/desk"]);
  const files = Array.from({ length: 5_000 }, (_, n) =>
    file(`src/part-${n % 50}/file-${n}.js`, `export const value = ${n};\n`),
  );
  const changed = [
    file("src/part-7/file-7.js", "export const value = 'seven';\n"),
    ...files.filter(({ path: name }) => name !== "src/part-7/file-7.js"),
  ];
  const [one = "", two = ""] = await importAll(files, changed);
  const first = await commitTree(repository, { tree: one, parents: [main], message: "Version 1" });
  expect(await pushCommit(repository, first, "carrel/desk")).toEqual({ kind: "pushed" });
  // Three to fetch, two to push.
  expect(requests.map(({ method }) => method)).toEqual(["GET", "POST", "POST", "GET", "POST"]);
  const second = await commitTree(repository, { tree: two, parents: [first], message: "Version 2" });
  const sent = countBytes();
  expect(await pushCommit(repository, second, "carrel/desk")).toEqual({ kind: "pushed" });
  // The trees above the file name 150 others by 20 bytes each; the files themselves were 200 times as much.
  expect(sent()).toBeLessThan(8_000);
  // The commit, the three trees above the file, the file.
  const objects = await git.git("ann", "desk", "rev-list", "--objects", "carrel/desk^..carrel/desk");
  expect(objects.split("\n")).toHaveLength(5);
});

test("what an agent changed is done to what people changed; where both did, the files are named", async () => {
  await seed({ "app.js": "one\ntwo\nthree\n", "other.js": "x\n" });
  const [base = "", theirs = "", clash = ""] = await importAll(
    [file("app.js", "one\ntwo\nthree\n")],
    [file("app.js", "one\ntwo\n3\n"), file("more.js", "m\n")],
    [file("app.js", "one\n2\nthree\n")],
  );
  const heads = await fetchBranches(repository, ["main"]);
  const [ours = ""] = await importAll([file("app.js", "1\ntwo\nthree\n"), file("other.js", "x\n")]);
  expect(heads.size).toBe(1);
  const merged = await mergeTrees(repository, { base, ours, theirs });
  const tree = "tree" in merged ? merged.tree : "";
  expect(await repository.local(["show", `${tree}:app.js`])).toBe("1\ntwo\n3");
  expect(await repository.local(["ls-tree", "--name-only", tree])).toBe("app.js\nmore.js\nother.js");
  const [mine = ""] = await importAll([file("app.js", "one\nzwei\nthree\n"), file("other.js", "x\n")]);
  expect(await mergeTrees(repository, { base, ours: mine, theirs: clash })).toEqual({
    conflicts: ["app.js"],
  });
  expect(
    await mergeTrees(repository, { base: await emptyTree(repository), ours: mine, theirs: clash }),
  ).toEqual({
    conflicts: ["app.js"],
  });
});

test("a commit that a person pushed meanwhile is never overwritten", async () => {
  const main = await seed({ "a.txt": "a\n" });
  await fetchBranches(repository, ["main"]);
  const tree = await treeOf(repository, main);
  const mine = await commitTree(repository, { tree, parents: [main], message: "mine" });
  expect(await pushCommit(repository, mine, "carrel/desk")).toEqual({ kind: "pushed" });
  const theirs = await git.git("ann", "desk", "commit-tree", tree, "-p", mine, "-m", "a person's");
  await git.git("ann", "desk", "update-ref", "refs/heads/carrel/desk", theirs);
  const next = await commitTree(repository, { tree, parents: [mine], message: "next" });
  expect(await pushCommit(repository, next, "carrel/desk")).toEqual({ kind: "moved" });
  expect(await git.git("ann", "desk", "rev-parse", "carrel/desk")).toBe(theirs);
});

test("no other branch than one of ours is pushed to", async () => {
  const main = await seed({ "a.txt": "a\n" });
  await fetchBranches(repository, ["main"]);
  for (const branch of [
    "main",
    "carrel/",
    "carrel/a b",
    "carrel/a..b",
    "carrel/x.lock",
    "carrel/\u3000",
    "carrel/@{u}",
    "-f",
    "carrel/a:main",
  ])
    await expect(pushCommit(repository, main, branch)).rejects.toMatchObject({ code: "internal" });
  expect(requests.filter(({ url: at }) => at?.includes("receive-pack"))).toEqual([]);
});

test("what the server does not take is told in its words", async () => {
  const main = await seed({ "a.txt": "a\n" });
  await git.git("ann", "desk", "config", "receive.denyUpdateCurrentBranch", "refuse");
  await git.git("ann", "desk", "config", "--add", "receive.hideRefs", "refs/heads/carrel");
  await fetchBranches(repository, ["main"]);
  const commit = await commitTree(repository, {
    tree: await treeOf(repository, main),
    parents: [main],
    message: "x",
  });
  const push = await pushCommit(repository, commit, "carrel/desk");
  expect(push).toMatchObject({ kind: "refused", reason: expect.stringContaining("hidden") });
});

test("the token is neither on the disk nor in any process's arguments", async () => {
  await seed({ "a.txt": "a\n" });
  const seen: string[] = [];
  server.prependListener("request", () => {
    for (const line of execFileSync("ps", ["-eo", "args"]).toString().split("\n"))
      if (line.includes("git")) seen.push(line);
  });
  await fetchBranches(repository, ["main"]);
  server.removeAllListeners("request");
  server.on("request", (request, response) => git.serve(request, response));
  const encoded = Buffer.from(`x-access-token:${TOKEN}`).toString("base64");
  expect(seen.some((line) => line.includes("remote-http"))).toBe(true);
  for (const line of seen) for (const secret of [TOKEN, encoded]) expect(line).not.toContain(secret);
  for (const name of await readdir(home, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const bytes = await readFile(path.join(name.parentPath, name.name));
    for (const secret of [TOKEN, encoded]) expect(bytes.includes(secret)).toBe(false);
  }
});

test("a git that ends before it has read everything is a failure that is told, and no more", async () => {
  const endless = Readable.from(
    (function* () {
      for (let n = 0; n < 10_000; n += 1) yield "x".repeat(10_000);
    })(),
  );
  await expect(repository.local(["cat-file", "--nonsense"], { input: endless })).rejects.toBeInstanceOf(
    GitError,
  );
});
