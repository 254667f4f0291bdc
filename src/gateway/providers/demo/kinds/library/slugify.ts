import { type LibrarySources, library, withMistake } from "./library.ts";

const PURPOSE = {
  letters: {
    en: "plain letters: case, accents, what may stay",
    ko: "글자 정리: 대소문자, 발음 기호, 남길 글자",
    ja: "文字の整理: 大小、アクセント、残す文字",
  },
  slug: { en: "one text as a slug", ko: "글 하나를 슬러그로", ja: "一つの文をスラッグに" },
  unique: { en: "slugs that do not repeat", ko: "겹치지 않는 슬러그", ja: "重ならないスラッグ" },
};

const SLUG = `"""One text as a slug."""

import re

from .letters import plain
from .messages import say

SEPARATORS = re.compile(r"[\\W_]+")


def slugify(text, limit=80):
    """Words of the text joined by hyphens, at most \`limit\` characters. Raises ValueError when nothing is left."""
    slug = SEPARATORS.sub("-", plain(text)).strip("-")
    if not slug:
        raise ValueError(say("nothing_left", value=text))
    return slug[:limit].strip("-")
`;

const python = (): LibrarySources => ({
  modules: [
    {
      name: "letters",
      purpose: PURPOSE.letters,
      needs: [],
      content: `"""Plain letters."""

import unicodedata


def plain(text):
    """Lower case, without accents on Latin letters; other scripts stay as they are written."""
    marked = unicodedata.normalize("NFD", text.casefold())
    kept = []
    for character in marked:
        if unicodedata.combining(character) and kept and kept[-1].isascii():
            continue
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
`,
    },
    {
      name: "slug",
      purpose: PURPOSE.slug,
      needs: ["letters", "messages"],
      content: SLUG,
      mistaken: withMistake(SLUG, '[\\W_]+")', '[\\W_]")'),
    },
    {
      name: "unique",
      purpose: PURPOSE.unique,
      needs: ["slug"],
      content: `"""Slugs that do not repeat."""

from .slug import slugify


def unique_slug(text, taken):
    """The slug of the text, with -2, -3 … when it is in \`taken\` already."""
    slug = slugify(text)
    candidate, number = slug, 2
    while candidate in taken:
        candidate = f"{slug}-{number}"
        number += 1
    return candidate
`,
    },
  ],
  exports: { slug: ["slugify"], unique: ["unique_slug"] },
  example: `from PACKAGE import slugify, unique_slug

slugify("Crème brûlée, at home!")      # "creme-brulee-at-home"
unique_slug("Hello", taken={"hello"})  # "hello-2"`,
  tests: `import unittest

from PACKAGE import slugify, unique_slug


class SlugifyTest(unittest.TestCase):
    def test_words_are_joined_by_hyphens(self):
        self.assertEqual(slugify("Hello World"), "hello-world")

    def test_runs_of_other_characters_become_one_hyphen(self):
        self.assertEqual(slugify("rock & roll -- live!!"), "rock-roll-live")

    def test_accents_are_taken_off_latin_letters(self):
        self.assertEqual(slugify("Crème Brûlée"), "creme-brulee")

    def test_other_scripts_stay(self):
        self.assertEqual(slugify("안녕 세계"), "안녕-세계")
        self.assertEqual(slugify("がんばれ 日本"), "がんばれ-日本")

    def test_emoji_are_left_out(self):
        self.assertEqual(slugify("party 🎉 time"), "party-time")

    def test_the_limit_never_ends_in_a_hyphen(self):
        self.assertEqual(slugify("one two three", limit=4), "one")

    def test_a_text_without_letters_is_refused(self):
        for text in ("!!!", "---"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                slugify(text)


class UniqueSlugTest(unittest.TestCase):
    def test_a_taken_slug_gets_the_next_free_number(self):
        self.assertEqual(unique_slug("Post", {"post", "post-2"}), "post-3")

    def test_a_free_slug_stays(self):
        self.assertEqual(unique_slug("Post", set()), "post")
EMPTY_TEST

if __name__ == "__main__":
    unittest.main()
`,
  emptyTest: `
    def test_empty_text_is_refused(self):
        for text in ("", "   "):
            with self.assertRaises(ValueError):
                slugify(text)
`,
});

const SLUG_JS = `// One text as a slug.

import { plain } from "./letters.js";
import { say } from "./messages.js";

const SEPARATORS = /[^\\p{L}\\p{N}\\p{M}]+/gu;
const trim = (slug) => slug.replace(/^-+|-+$/g, "");

/** Words of the text joined by hyphens, at most \`limit\` characters. Throws RangeError when nothing is left. */
export function slugify(text, limit = 80) {
  const slug = trim(plain(text).replace(SEPARATORS, "-"));
  if (slug === "") throw new RangeError(say("nothing_left", { value: text }));
  return trim([...slug].slice(0, limit).join(""));
}
`;

const javascript = (): LibrarySources => ({
  modules: [
    {
      name: "letters",
      purpose: PURPOSE.letters,
      needs: [],
      content: `// Plain letters.

/** Lower case, without accents on Latin letters; other scripts stay as they are written. */
export function plain(text) {
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
      purpose: PURPOSE.slug,
      needs: ["letters", "messages"],
      content: SLUG_JS,
      mistaken: withMistake(SLUG_JS, "]+/gu;", "]/gu;"),
    },
    {
      name: "unique",
      purpose: PURPOSE.unique,
      needs: ["slug"],
      content: `// Slugs that do not repeat.

import { slugify } from "./slug.js";

/** The slug of the text, with -2, -3 … when the set \`taken\` has it already. */
export function uniqueSlug(text, taken) {
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

export const SLUGIFY = library({
  id: "slugify",
  defaultName: "slugs",
  words: /\bslug|\bpermalink|슬러그|スラッグ/i,
  phrases: /\bslug|슬러그|スラッグ/i,
  label: { en: "slugs", ko: "슬러그", ja: "スラッグ" },
  about: {
    en: "Turns titles into slugs for addresses, in any script, without repeats.",
    ko: "제목을 주소용 슬러그로 바꿉니다. 어떤 문자든 되고 겹치지 않습니다.",
    ja: "題名をアドレス用のスラッグに変えます。どの文字でも使え、重なりません。",
  },
  messages: {
    nothing_left: {
      en: "“{value}” has no letters or digits to make a slug of.",
      ko: "“{value}”에는 슬러그로 쓸 글자나 숫자가 없습니다.",
      ja: "「{value}」にはスラッグにできる文字や数字がありません。",
    },
  },
  lesson: {
    en: "Each separator became a hyphen of its own, so “rock & roll” came out as “rock---roll”. A whole run of separators is one hyphen now.",
    ko: "구분 문자마다 하이픈이 하나씩 들어가 “rock & roll”이 “rock---roll”이 되었습니다. 이제 연속된 구분 문자는 하이픈 하나가 됩니다.",
    ja: "区切り文字ごとにハイフンが入り、「rock & roll」が「rock---roll」になっていました。連続する区切りは一つのハイフンにしました。",
  },
  sources: { python, javascript },
});
