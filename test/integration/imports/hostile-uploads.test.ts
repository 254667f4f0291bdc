import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiClient, apiClient } from "../../support/api-client.ts";
import { archiveOf, COMMIT, type Entry, packed } from "../../support/archives.ts";
import { type Stack, startStack } from "../../support/stack.ts";
import { directoryOf, ended, newAgent, upload } from "../../support/uploads.ts";

let stack: Stack;
let ann: ApiClient;

beforeAll(async () => {
  stack = await startStack({ parts: ["runner", "web"] });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 240_000);

afterAll(() => stack?.stop());

const GOOD = { name: "good.txt", text: "good" };
const zip = (...entries: Entry[]) => archiveOf("zip", [GOOD, ...entries]);
const tar = (...entries: Entry[]) => archiveOf("tar", [GOOD, ...entries]);
const bundle = (command: string) => packed({ "a.txt": "a" }, `${COMMIT}; ${command}`);
const many = (count: number, directory = "") =>
  Array.from({ length: count }, (_, n) => ({ name: `${directory}f${n}` }));
const MiB = 1024 * 1024;
const cut = async (bytes: Promise<Buffer>, left: number) => (await bytes).subarray(0, left);

/** The bytes with those at the last `mark` plus `offset` replaced. */
async function bent(bytes: Promise<Buffer>, mark: string, offset: number, put: number[]): Promise<Buffer> {
  const found = await bytes;
  Buffer.from(put).copy(found, found.lastIndexOf(mark, undefined, "latin1") + offset);
  return found;
}

/** A commit whose tree has this name in it, which git itself would not add. */
const oddTree = (name: string) =>
  bundle(`blob=$(git hash-object -w a.txt); raw=$(printf '%s' $blob | sed 's/../\\\\x&/g')
    tree=$(bash -c "printf '100644 ${name}\\0$raw'" | git hash-object -t tree --literally -w --stdin)
    git update-ref refs/heads/trunk $(git commit-tree -m odd $tree); git bundle create -q $out trunk`);

/** A tree of trees, each of which names the next many times: 10^9 files in a few hundred bytes. */
const treeBomb = `blob=$(git hash-object -w a.txt); kind=blob; mode=100644
  for depth in 1 2 3 4 5 6 7 8 9; do
    blob=$(for n in 0 1 2 3 4 5 6 7 8 9; do printf "$mode $kind $blob\\tf$n\\n"; done | git mktree); kind=tree; mode=040000
  done; git update-ref refs/heads/trunk $(git commit-tree -m bomb $blob); git bundle create -q $out trunk`;

/** Compressed as no bound can be held: a piece comes out whole. */
const BZIP2 = `python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w", 12).writestr("a", "a" * 9)' $out`;

const HOSTILE: [string, string, () => Promise<Buffer>][] = [
  ["a zip with a step up", "outside", () => zip({ name: "a/../../evil" })],
  ["a zip with an absolute name", "outside", () => zip({ name: "/etc/evil" })],
  ["a zip with a drive", "outside", () => zip({ name: "C:/evil" })],
  ["a zip with a control character", "name", () => zip({ name: "a\u001bb" })],
  ["a zip with a link outside", "link_outside", () => zip({ name: "l", link: "../../x", mode: 0o120777 })],
  ["a zip with a device", "device", () => zip({ name: "d", mode: 0o020666 })],
  ["a zip with one name twice", "twice", () => zip(GOOD)],
  ["a zip with a file below a file", "twice", () => zip({ name: "good.txt/more" })],
  ["a zip with one name in two cases", "alike", () => zip({ name: "GOOD.txt" })],
  ["a zip with one name in two forms", "alike", () => zip({ name: "\u00e9" }, { name: "e\u0301" })],
  ["a zip bomb", "bomb", () => zip(...many(8).map((entry) => ({ ...entry, zeros: 19 * MiB })))],
  ["a zip with too many files", "too_many", () => zip(...many(5_001))],
  ["a zip with too many entries", "too_many", () => zip(...many(20_001, "node_modules/"))],
  ["an encrypted zip", "encrypted", () => bent(zip(), "PK\x01\x02", 8, [1])],
  ["a zip of an unknown compression", "method", () => bent(zip(), "PK\x01\x02", 10, [99])],
  ["a zip of bzip2", "method", () => packed({ a: "a" }, BZIP2)],
  ["a zip that lies about a size", "damaged", () => bent(zip(), "PK\x01\x02", 24, [2])],
  ["a zip that was cut off", "damaged", () => cut(zip(), 60)],
  ["an empty zip", "empty", () => archiveOf("zip", [])],
  ["a zip of private files alone", "empty", () => archiveOf("zip", [{ name: ".env", text: "S=1" }])],
  ["a tar with a step up", "outside", () => tar({ name: "../evil" })],
  ["a tar with a link outside", "link_outside", () => tar({ name: "l", type: "link", link: "/etc" })],
  ["a tar with a hard link outside", "link_outside", () => tar({ name: "l", type: "hard", link: "../x" })],
  ["a tar with a device", "device", () => tar({ name: "d", type: "device" })],
  ["a tar with a pipe", "device", () => tar({ name: "d", type: "pipe" })],
  ["a tar that was cut off", "damaged", () => cut(tar({ name: "b", text: "b".repeat(600) }), 1_700)],
  ["a tar without its end", "damaged", () => cut(tar(), 1_024)],
  ["a tar.gz that was cut off", "damaged", () => cut(archiveOf("tgz", [GOOD]), 90)],
  ["a tar.gz bomb", "bomb", async () => gzipSync(Buffer.alloc(64 * MiB))],
  [
    "a bundle that was cut off",
    "damaged",
    async () => (await bundle("git bundle create -q $out HEAD")).subarray(0, -30),
  ],
  [
    "a part of a history",
    "part",
    () => bundle("git commit -q --allow-empty -m 2; git bundle create -q $out HEAD~1..trunk"),
  ],
  [
    "a bundle of two branches",
    "no_branch",
    () => bundle("git branch b; git commit -q --allow-empty -m 2; git bundle create -q $out trunk b"),
  ],
  ["a bundle with a name that leads out", "outside", () => oddTree("..")],
  ["a bundle with a name of git's own", "empty", () => oddTree(".GIT")],
  ["a bundle that names a billion files", "too_many", () => bundle(treeBomb)],
  ["something else", "format", async () => randomBytes(2_000)],
  ["nothing", "format", async () => Buffer.alloc(0)],
];

test("whatever is hostile is refused by name, and the directory is as it was", async () => {
  const agentId = await newAgent(ann);
  const found: unknown[] = [];
  for (const [what, , make] of HOSTILE) {
    const answer = await upload(ann, agentId, await make());
    const { state, reason, error } = await ended(ann, agentId);
    expect(error, what).toMatch(/\w{3}.*\./);
    found.push([what, answer.status, state, reason, await directoryOf(ann, agentId)]);
  }
  expect(found).toEqual(HOSTILE.map(([what, fault]) => [what, 202, "failed", fault, {}]));
  // What was refused is in nobody's way.
  await upload(ann, agentId, await zip());
  expect(await ended(ann, agentId)).toMatchObject({ state: "done", error: null, reason: null });
  expect(await directoryOf(ann, agentId)).toEqual({ "good.txt": "good" });
}, 240_000);
