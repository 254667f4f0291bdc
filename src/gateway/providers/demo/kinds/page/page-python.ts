import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";
import { frame } from "./page-frame.ts";
import { entriesOf } from "./page-texts.ts";

/** Hides what does not fit; the names in it are those of the frame. */
const SCRIPT = `<script>
      const search = document.getElementById("search");
      const entries = [...document.querySelectorAll("#list li")];
      search.addEventListener("input", () => {
        const query = search.value.trim().toLowerCase();
        for (const entry of entries) entry.hidden = !entry.textContent.toLowerCase().includes(query);
        const count = entries.filter((entry) => !entry.hidden).length;
        document.getElementById("count").textContent = "{{count}}".replace("{count}", count);
      });
    </script>`;

const place = (name: string) => `{{${name}}}`;

export const pythonTemplate = (): string =>
  frame({
    lang: place("lang"),
    title: place("title"),
    intro: place("intro"),
    search: place("search"),
    count: place("all"),
    list: place("list"),
    style: `<style>${place("style")}</style>`,
    script: SCRIPT,
  });

export const pythonItems = (
  design: Design,
): string => `"""What the page shows: pairs of a name and a line about it."""

ITEMS = [
${entriesOf(design)
  .map(([name, text]) => `    (${quote(name)}, ${quote(text)}),`)
  .join("\n")}
]
`;

export const pythonRender = ({
  human,
}: Design): string => `"""Fills the template. What is shown is escaped: a name can hold any character."""

import re
from html import escape
from pathlib import Path

from .messages import MESSAGES, say

HERE = Path(__file__).resolve().parent


def list_of(items):
    """One entry of the list for each pair."""
    lines = []
    for name, text in items:
        if not name.strip():
            raise ValueError("an item without a name")
        about = f"<small>{escape(text)}</small>" if text else ""
        lines.append(f"<li>{escape(name)}{about}</li>")
    return "".join(lines)


def render(items):
    """The whole page."""
    values = {
        "lang": "${human}",
        "title": escape(say("title")),
        "intro": escape(say("description")),
        "search": escape(say("search")),
        "all": escape(say("count", count=len(items), all=len(items))),
        "count": escape(MESSAGES["count"].replace("{all}", str(len(items)))),
        "list": list_of(items),
        "style": (HERE / "style.css").read_text(encoding="utf-8"),
    }
    template = (HERE / "template.html").read_text(encoding="utf-8")
    # In one pass, so that a text that looks like a place of the template stays a text.
    return re.sub(r"\\{\\{(\\w+)\\}\\}", lambda place: values[place[1]], template)
`;

export const pythonPageMain = ({ name }: Design): string => `"""The command line: python3 -m ${name}"""

import argparse
import sys
from pathlib import Path

from .items import ITEMS
from .messages import say
from .render import render


def main(arguments=None):
    """Writes the page. The exit code is 0."""
    parser = argparse.ArgumentParser(prog=${quote(name)}, description=say("description"))
    parser.add_argument("--output", default="dist", help=say("help_output"))
    options = parser.parse_args(arguments)
    page = Path(options.output) / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(render(ITEMS), encoding="utf-8")
    print(say("written", path=page))
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;

export const pythonPageTests = ({ name, emptyTest }: Design): string => `import contextlib
import io
import tempfile
import unittest
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from ${name}.__main__ import main
from ${name}.items import ITEMS
from ${name}.messages import say
from ${name}.render import list_of, render


class Reader(HTMLParser):
    """Counts elements and remembers which are open."""

    def __init__(self, page):
        super().__init__()
        self.open, self.seen, self.ids = [], [], set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.handle_startendtag(tag, attributes)

    def handle_startendtag(self, tag, attributes):
        self.seen.append(tag)
        self.ids.update(value for key, value in attributes if key == "id")

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            raise AssertionError(f"{tag} ends where it is not open")


class PageTest(unittest.TestCase):
    def test_every_item_is_on_the_page(self):
        page = render(ITEMS)
        for item, _ in ITEMS:
            self.assertIn(f"<li>{escape(item)}", page)

    def test_elements_end_in_the_order_in_which_they_began(self):
        reader = Reader(render(ITEMS))
        self.assertEqual(reader.open, [])
        self.assertEqual(reader.seen.count("li"), len(ITEMS))

    def test_the_script_finds_what_it_names(self):
        self.assertLessEqual({"search", "count", "list"}, Reader(render(ITEMS)).ids)

    def test_a_name_is_shown_and_never_run(self):
        page = render([("<script>alert(1)</script>", "a & b")])
        self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;<small>a &amp; b</small>", page)
        self.assertEqual(Reader(page).seen.count("script"), 1)

    def test_a_name_that_looks_like_a_place_of_the_template_stays(self):
        self.assertIn("{{title}}", render([("{{title}}", "")]))

    def test_no_place_is_left_open(self):
        self.assertNotIn("{{", render([("x", "")]))

    def test_title_and_count_are_there(self):
        page = render([("x", ""), ("y", "")])
        self.assertIn(f"<h1>{escape(say('title'))}</h1>", page)
        self.assertIn(escape(say("count", count=2, all=2)), page)

    def test_the_page_is_written(self):
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(main(["--output", str(Path(folder) / "site")]), 0)
            self.assertEqual((Path(folder) / "site" / "index.html").read_text(encoding="utf-8"), render(ITEMS))
${
  emptyTest
    ? `
    def test_a_page_of_nothing_and_an_item_without_a_name(self):
        self.assertIn('<ul id="list"></ul>', render([]))
        with self.assertRaises(ValueError):
            list_of([("  ", "x")])
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`;
