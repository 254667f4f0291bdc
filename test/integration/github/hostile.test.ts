import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type BareRepository, openBareRepository } from "#github/git/bare-repository.ts";
import { fetchBranches } from "#github/git/fetch-branches.ts";
import { commitTree } from "#github/git/trees.ts";
import { listTree } from "#github/importing/list-tree.ts";
import { type GitServer, gitServer } from "../../fakes/git-server.ts";

// Repositories that somebody made to fill a runner's disk or time.
let home: string;
let git: GitServer;
let server: Server;
let answer: RequestListener;
let repository: BareRepository;

const MOST = 2 * 1024 * 1024;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "carrel-hostile-"));
  git = gitServer(path.join(home, "server"));
  server = createServer((request, response) => answer(request, response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  await git.create("ann", "desk");
  fillWithNames();
});

beforeEach(async () => {
  answer = (request, response) => git.serve(request, response);
  const { port } = server.address() as AddressInfo;
  repository = await openBareRepository(
    {
      directory: path.join(home, "runner"),
      env: { PATH: process.env.PATH ?? "" },
      repositoryBytes: MOST,
    },
    { url: `http://127.0.0.1:${port}/ann/desk.git`, token: "ghs_of_this_test" },
  );
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(home, { recursive: true, force: true });
});

/** A commit of 120,000 names in 300 directories on the server's main branch; of contents there are none. 4 MB. */
function fillWithNames(): void {
  const run = (args: string[], input: string) =>
    execFileSync("git", ["-C", path.join(git.root, "ann/desk.git"), ...args], {
      input,
      env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", ...PERSON } as never,
    })
      .toString()
      .trim();
  const batches = Array.from({ length: 300 }, () =>
    Array.from({ length: 400 }, (_, n) => `100644 blob ${randomBytes(20).toString("hex")}\t${n}\n`).join(""),
  );
  const trees = run(["mktree", "--missing", "--batch"], batches.join("\n")).split("\n");
  const top = run(["mktree"], trees.map((tree, n) => `040000 tree ${tree}\td${n}\n`).join(""));
  run(["update-ref", "refs/heads/main", run(["commit-tree", top], "names\n")], "");
}

const PERSON = {
  GIT_AUTHOR_NAME: "Ann",
  GIT_AUTHOR_EMAIL: "ann@example.org",
  GIT_COMMITTER_NAME: "Ann",
  GIT_COMMITTER_EMAIL: "ann@example.org",
};

const TOO_LARGE = { code: "too_large", message: expect.stringContaining("more than 2 MB") };

test("a branch with more than may come is refused with the reason, and nothing of it stays", async () => {
  await expect(fetchBranches(repository, ["main"])).rejects.toMatchObject(TOO_LARGE);
  await repository.remove();
  expect(await readdir(path.join(home, "runner"))).toEqual([]);
});

test("it is ended while it comes, not when it has come: this server never ends its answer", async () => {
  answer = (request, response) => {
    git.serve(request, request.url?.endsWith("git-upload-pack") ? withoutEnd(response) : response);
  };
  await expect(fetchBranches(repository, ["main"])).rejects.toMatchObject(TOO_LARGE);
  await repository.remove();
});

/** Of a large answer the first 3 MB, and no end; a small one as it is. */
function withoutEnd(response: ServerResponse): ServerResponse {
  const [write, end] = [response.write.bind(response), response.end.bind(response)];
  let given = 0;
  response.write = ((piece: Buffer) => {
    given += piece.length;
    return given > 3 * 1024 * 1024 || write(piece);
  }) as typeof response.write;
  response.end = (() => (given > 3 * 1024 * 1024 ? response : end())) as typeof response.end;
  return response;
}

test("a few trees that stand for a billion files are refused with the reason", async () => {
  const blob = await repository.local(["hash-object", "-w", "--stdin"], { input: "x" });
  let entry = `100644 blob ${blob}`;
  for (let depth = 0; depth < 9; depth += 1) {
    const input = Array.from({ length: 10 }, (_, n) => `${entry}\t${"n".repeat(100)}${n}\n`).join("");
    entry = `040000 tree ${await repository.local(["mktree"], { input })}`;
  }
  const commit = await commitTree(repository, {
    tree: entry.slice("040000 tree ".length),
    parents: [],
    message: "a billion",
  });
  await expect(listTree(repository, commit)).rejects.toMatchObject({
    code: "too_large",
    message: expect.stringContaining("more files than can be read"),
  });
  await repository.remove();
});
