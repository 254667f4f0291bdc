import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { checkTree } from "#github/check-tree.ts";
import { branchOf, isBranchName, slugOf } from "#github/publishing/names.ts";
import { inert, oneLine } from "#github/publishing/plain-text.ts";
import { isPlainPath } from "#snapshots/plain-path.ts";

const ID = "01a22bd2-e72e-7316-ae33-e2e9d5d6970e";

test.each([
  ["Weather desk", "weather-desk"],
  ["Café Zürich", "cafe-zurich"],
  ["\u3000", "agent-d6970e"],
  ["天気予報", "agent-d6970e"],
  ["", "agent-d6970e"],
  ["../../main", "main"],
  ["a@{upstream}", "a-upstream"],
  ["x.lock", "x-lock"],
  ["-rf /", "rf"],
  ["$(touch /tmp/x); `id`", "touch-tmp-x-id"],
  ["a\u0000b\nc\u202ed", "a-b-c-d"],
  ["refs/heads/main:refs/heads/x", "refs-heads-main-refs-heads-x"],
  ["a".repeat(200), "a".repeat(40)],
])("%j becomes the slug %s, which git takes for a branch", (name, slug) => {
  expect(slugOf(name, ID)).toBe(slug);
  const branch = branchOf(slugOf(name, ID), 2);
  expect(branch).toMatch(/^carrel\/[a-z0-9]+(-[a-z0-9]+)*$/);
  execFileSync("git", ["check-ref-format", `refs/heads/${branch}`]);
});

test.each([
  "a..b",
  "@{u}",
  "x.lock",
  "-f",
  "a b",
  "a\u3000b",
  "a:b",
  "a*",
  "",
  "@",
  "a//b",
  "/a",
  "a/",
  "a\u0007",
  ".a",
  "a.",
])("%j is no name of a branch that is handed to git", (name) => {
  // A space that is not ASCII's is a letter to git, and harmless in an argument.
  expect(isBranchName(name)).toBe(name === "a\u3000b");
});

test("paths that lead out, or into git's own files on any file system, are not plain", () => {
  for (const path of [
    "../x",
    "a/../../x",
    "/x",
    "a//b",
    "./a",
    ".git/config",
    "a/.GIT/x",
    "git~1/x",
    ".git. /x",
    ".g\u200cit/x",
    "a\\b",
    "a\nb",
    "",
  ])
    expect(isPlainPath(path)).toBe(false);
  for (const path of ["a", "a/b.c", ".gitignore", ".github/workflows/ci.yml", "日本語/x", "a b"])
    expect(isPlainPath(path)).toBe(true);
});

test("workflows count only where they changed, and settings' examples are no secret", () => {
  const file = (path: string) => ({ path, mode: "100644" as const, hash: "h", size: 1 });
  const check = (path: string, changed: boolean) =>
    checkTree([file(path)], { changed: () => changed, mayChangeWorkflows: false }).map(({ code }) => code);
  expect(check(".github/workflows/ci.yml", true)).toEqual(["workflow"]);
  expect(check(".github/workflows/ci.yml", false)).toEqual([]);
  expect(check("web/.env", true)).toEqual(["private"]);
  expect(check(".env.local", true)).toEqual(["private"]);
  expect(check(".env.example", true)).toEqual([]);
  // What the repository held before is there already.
  expect(check(".env.test", false)).toEqual([]);
});

test("others' words do nothing on GitHub", () => {
  const text = inert(
    "Hello @octocat, fixes #12 <img src=x onerror=1> ![p](https://evil.example/p.png)\n# Heading\n<!-- carrel:end -->",
  );
  expect(text).not.toMatch(/@octocat|#12|(?<!\\)<img|(?<!\\)!\[p|https:\/\/|^# |(?<!\\)<\\?!--/m);
  expect(inert("12. twelve\n  3) three\n- dash\n# head\n4.5 is a number\n5 > 4")).toBe(
    "12\\. twelve\n  3\\) three\n\\- dash\n\\# head\n4\\.5 is a number\n5 \\> 4",
  );
  expect(oneLine("a\u001b[31m\nCarrel-Run: x\u202e", 40)).toBe("a [31m Carrel-Run: x");
});
