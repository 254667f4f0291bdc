import { expect, test } from "vitest";
import { missingIn } from "#engines/builder/checks/web-links.ts";

const PATHS = new Set(["web/index.html", "web/app.js", "web/a b.css", "top.js", "web/docs/index.html"]);

test.each([
  ['<script src="app.js"></script>', []],
  ['<script type="module" src="./app.js?v=1"></script>', []],
  ["<link rel='stylesheet' href='a%20b.css'>", []],
  ['<script src="../top.js"></script>', []],
  ['<a href="docs/">', []],
  [
    '<a href="https://example.org/x.js"><a href="//cdn/x.js"><a href="#top"><a href="/api"><a href="mailto:a@b">',
    [],
  ],
  ['<!-- <script src="old.js"></script> -->', []],
  ['<img src="{{ picture }}">', []],
  ['<p>\n<script\n  defer\n  src="missing.js"></script>', ["There is no file missing.js at 2"]],
  ['<link href="%zz.css">', ["There is no file %zz.css at 1"]],
])("the links of %j", (page, missing) => {
  const found = missingIn("web/index.html", page, PATHS);
  expect(found.map(({ message, line }) => `${message} at ${line}`)).toEqual(missing);
});

test("a page full of comments and links that are not closed is read once", () => {
  const comments = "<!--".repeat(500_000);
  const links = '<a href="x">\n'.repeat(50_000);
  const found = missingIn("web/index.html", `${links}${comments}`, PATHS);
  expect(found).toHaveLength(50_000);
  expect(found.at(-1)?.line).toBe(50_000);
});
