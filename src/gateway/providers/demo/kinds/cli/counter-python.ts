import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

export function wordsModule(): string {
  return `"""Splits a text into words, whatever the script."""

import re

WORD = re.compile(r"[^\\W_]+(?:['’-][^\\W_]+)*")


def split_words(text):
    """The words in lower case, in the order of the text; "don't" and "well-known" are one word each."""
    return WORD.findall(text.lower())
`;
}

export function countModule(): string {
  return `"""The figures of one text."""

from collections import Counter

from .words import split_words


def count(text):
    """Lines, words and characters; a last line without a line break counts too."""
    return {"lines": len(text.splitlines()), "words": len(split_words(text)), "characters": len(text)}


def most_frequent(text, limit):
    """Up to \`limit\` pairs of word and number, the most frequent first, ties in the order of the alphabet."""
    pairs = Counter(split_words(text)).items()
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:limit]
`;
}

export function counterMain(design: Design, top: number): string {
  const json = design.json;
  return `"""The command line: python3 -m ${design.name} README.md"""

import argparse
${json ? "import json\n" : ""}import sys
from pathlib import Path

from .count import count, most_frequent
from .messages import say


def whole_number(text):
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(say("bad_top"))
    return int(text)


def read(name):
    data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    return data.decode("utf-8")


def report(name, text, top${json ? ", as_json=False" : ""}):
    """What the person sees about one text."""
${json ? '    if as_json:\n        figures = {"name": name, **count(text), "frequent": dict(most_frequent(text, top))}\n        return json.dumps(figures, ensure_ascii=False)\n' : ""}    lines = [say("counts", name=name, **count(text))]
    lines += [f"  {number:>6}  {word}" for word, number in most_frequent(text, top)]
    return "\\n".join(lines)


def main(arguments=None):
    """The exit code is 0, or 1 when a file could not be read."""
    parser = argparse.ArgumentParser(prog=${quote(design.name)}, description=say("description"))
    parser.add_argument("files", nargs="*", default=["-"])
    parser.add_argument("--top", type=whole_number, default=${top})
${json ? '    parser.add_argument("--json", action="store_true")\n' : ""}    options = parser.parse_args(arguments)
    code = 0
    for name in options.files:
        try:
            print(report(name, read(name), options.top${json ? ", options.json" : ""}))
        except (OSError, UnicodeDecodeError):
            print(say("unreadable", name=name), file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
`;
}

export function counterTests(design: Design): string {
  return `import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from ${design.name}.__main__ import main
from ${design.name}.count import count, most_frequent
from ${design.name}.words import split_words


class CountTest(unittest.TestCase):
    def test_lines_words_and_characters(self):
        self.assertEqual(count("one two\\nthree\\n"), {"lines": 2, "words": 3, "characters": 14})

    def test_a_last_line_without_a_break_counts(self):
        self.assertEqual(count("one\\ntwo")["lines"], 2)

    def test_case_and_punctuation_do_not_matter(self):
        self.assertEqual(split_words("Stop! stop, STOP... don't"), ["stop", "stop", "stop", "don't"])

    def test_words_of_other_scripts_count(self):
        self.assertEqual(count("안녕 세계 🎉 こんにちは")["words"], 3)

    def test_the_most_frequent_come_first_and_ties_by_alphabet(self):
        self.assertEqual(most_frequent("b a b c a d", 3), [("a", 2), ("b", 2), ("c", 1)])


class CommandLineTest(unittest.TestCase):
    def call(self, *arguments):
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            code = main(list(arguments))
        return code, output.getvalue(), error.getvalue()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_one_unreadable_file_does_not_stop_the_others(self):
        good = self.folder / "good.txt"
        good.write_text("hello hello", encoding="utf-8")
        code, output, error = self.call(str(self.folder / "missing.txt"), str(good))
        self.assertEqual(code, 1)
        self.assertIn("hello", output)
        self.assertIn("missing.txt", error)
${
  design.json
    ? `
    def test_json_output_can_be_read_back(self):
        good = self.folder / "good.txt"
        good.write_text("a b a", encoding="utf-8")
        self.assertEqual(json.loads(self.call("--json", str(good))[1])["frequent"], {"a": 2, "b": 1})
`
    : ""
}${
  design.emptyTest
    ? `
    def test_an_empty_text_has_no_words(self):
        self.assertEqual(count(""), {"lines": 0, "words": 0, "characters": 0})
        self.assertEqual(most_frequent("", 5), [])
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`.replace(design.json ? /(?!)/ : "import json\n", "");
}
