import type { Design } from "../../design.ts";

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
