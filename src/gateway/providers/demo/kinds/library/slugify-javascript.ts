import { type LibrarySources, withMistake } from "./library.ts";

const SLUG_JS = `// One text as a slug.

import { plain } from "./letters.js";
import { say } from "./messages.js";

const SEPARATORS = /[^\\p{L}\\p{N}\\p{M}]+/gu;
const trim = (slug‹: string›) => slug.replace(/^-+|-+$/g, "");

/** Words of the text joined by hyphens, at most \`limit\` characters. Throws RangeError when nothing is left. */
export function slugify(text‹: string›, limit = 80) {
  const slug = trim(plain(text).replace(SEPARATORS, "-"));
  if (slug === "") throw new RangeError(say("nothing_left", { value: text }));
  return trim([...slug].slice(0, limit).join(""));
}
`;

export const slugifyJavascript = (): LibrarySources => ({
  modules: [
    {
      name: "letters",
      needs: [],
      content: `// Plain letters.

/** Lower case, without accents on Latin letters; other scripts stay as they are written. */
export function plain(text‹: string›) {
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/([a-z])\\p{M}+/gu, "$1")
    .normalize("NFC");
}
`,
    },
    {
      name: "slug",
      needs: ["letters", "messages"],
      content: SLUG_JS,
      mistaken: withMistake(SLUG_JS, "]+/gu;", "]/gu;"),
    },
    {
      name: "unique",
      needs: ["slug"],
      content: `// Slugs that do not repeat.

import { slugify } from "./slug.js";

/** The slug of the text, with -2, -3 … when the set \`taken\` has it already. */
export function uniqueSlug(text‹: string›, taken‹: Set<string>›) {
  const slug = slugify(text);
  let candidate = slug;
  for (let number = 2; taken.has(candidate); number += 1) candidate = \`\${slug}-\${number}\`;
  return candidate;
}
`,
    },
  ],
  exports: { slug: ["slugify"], unique: ["uniqueSlug"] },
  example: `import { slugify, uniqueSlug } from "./src/PACKAGE/index.js";

slugify("Crème brûlée, at home!"); // "creme-brulee-at-home"
uniqueSlug("Hello", new Set(["hello"])); // "hello-2"`,
  tests: `import assert from "node:assert/strict";
import { test } from "node:test";
import { slugify, uniqueSlug } from "../src/PACKAGE/index.js";

test("words are joined by hyphens", () => assert.equal(slugify("Hello World"), "hello-world"));

test("runs of other characters become one hyphen", () => {
  assert.equal(slugify("rock & roll -- live!!"), "rock-roll-live");
});

test("accents are taken off Latin letters", () => assert.equal(slugify("Crème Brûlée"), "creme-brulee"));

test("other scripts stay", () => {
  assert.equal(slugify("안녕 세계"), "안녕-세계");
  assert.equal(slugify("がんばれ 日本"), "がんばれ-日本");
});

test("emoji are left out", () => assert.equal(slugify("party 🎉 time"), "party-time"));

test("the limit never ends in a hyphen", () => assert.equal(slugify("one two three", 4), "one"));

test("a text without letters is refused", () => {
  for (const text of ["!!!", "---"]) assert.throws(() => slugify(text), RangeError);
});

test("a taken slug gets the next free number", () => {
  assert.equal(uniqueSlug("Post", new Set(["post", "post-2"])), "post-3");
});

test("a free slug stays", () => assert.equal(uniqueSlug("Post", new Set()), "post"));
EMPTY_TEST`,
  emptyTest: `
test("empty text is refused", () => {
  for (const text of ["", "   "]) assert.throws(() => slugify(text), RangeError);
});
`,
});
