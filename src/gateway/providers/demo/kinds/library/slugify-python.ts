import { type LibrarySources, withMistake } from "./library.ts";

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

export const slugifyPython = (): LibrarySources => ({
  modules: [
    {
      name: "letters",
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
      needs: ["letters", "messages"],
      content: SLUG,
      mistaken: withMistake(SLUG, '[\\W_]+")', '[\\W_]")'),
    },
    {
      name: "unique",
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
