import type { Design } from "../../design.ts";

export const pythonCrawlerTests = ({ name, json, emptyTest }: Design): string => `import contextlib
import io
${json ? "import json\n" : ""}import tempfile
import threading
import unittest
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ${name}.__main__ import main
from ${name}.crawl import crawl
from ${name}.parse import Page, links_from
from ${name}.source import NotLocal

SAMPLE = Path(__file__).resolve().parent.parent / "sample"


class Quiet(SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://192.0.2.1/")
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_):
        """Requests are not logged."""


class ParseTest(unittest.TestCase):
    def test_title_and_links_are_read_from_broken_html_too(self):
        page = Page("<title> A &amp;\\n B </title><a HREF=' x.html '>x<p><a name=y><a href=z.html")
        self.assertEqual((page.title, page.links), ("A & B", ["x.html"]))

    def test_links_become_whole_addresses_once_each(self):
        page = Page('<a href="b.html#top"><a href="b.html"><a href="/c"><a href="mailto:a@b.c"><a href="http://[x">')
        self.assertEqual(links_from(page, "http://127.0.0.1/a/"), ["http://127.0.0.1/a/b.html", "http://127.0.0.1/c"])


class CrawlTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def site(self, **pages):
        for page, text in pages.items():
            (self.folder / f"{page}.html").write_text(text, encoding="utf-8")
        return str(self.folder)

    def serve(self, folder):
        server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        self.addCleanup(server.server_close)
        self.addCleanup(thread.join)
        self.addCleanup(server.shutdown)
        return f"http://127.0.0.1:{server.server_port}/"

    def call(self, *arguments):
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            code = main([str(argument) for argument in arguments])
        return code, output.getvalue(), error.getvalue()

    def test_the_sample_has_three_pages_a_broken_link_and_one_to_elsewhere(self):
        found = crawl(str(SAMPLE))
        self.assertEqual([page["address"] for page in found["pages"]], ["index.html", "about.html", "news/index.html"])
        self.assertEqual(found["broken"], [{"address": "missing.html", "from": "about.html"}])
        self.assertEqual(found["outside"], ["https://example.org/"])

    def test_a_server_of_this_machine_is_crawled_like_a_folder(self):
        found = crawl(self.serve(str(SAMPLE)))
        # A server answers "/" and "/index.html" with the same page; a folder has only the second.
        titles = {page["title"] for page in crawl(str(SAMPLE))["pages"]}
        self.assertEqual({page["title"] for page in found["pages"]}, titles)
        self.assertEqual([link["address"] for link in found["broken"]], ["missing.html"])

    def test_where_a_server_points_elsewhere_is_not_followed(self):
        found = crawl(self.serve(self.site(index='<a href="/away">x</a>')))
        self.assertEqual(found["broken"], [{"address": "away", "from": "/"}])

    def test_pages_that_link_in_a_circle_are_read_once(self):
        start = self.site(index='<a href="a.html">', a='<a href="index.html"><a href="a.html">')
        self.assertEqual(len(crawl(start)["pages"]), 2)

    def test_a_link_out_of_the_folder_is_not_read(self):
        inner = self.folder / "inner"
        inner.mkdir()
        self.site(secret="<title>secret</title>")
        (inner / "index.html").write_text('<a href="../secret.html">', encoding="utf-8")
        found = crawl(str(inner))
        self.assertEqual((len(found["pages"]), len(found["outside"])), (1, 1))

    def test_it_stops_at_the_most_pages(self):
        self.assertEqual(len(crawl(str(SAMPLE), most=2)["pages"]), 2)

    def test_places_elsewhere_are_refused(self):
        for start in ("https://example.org/", "http://192.0.2.1/", "http://localhost.example.org/", "no-such-folder"):
            with self.subTest(start=start), self.assertRaises(NotLocal):
                crawl(start)
        code, output, error = self.call("no-such-folder")
        self.assertEqual((code, output), (1, ""))
        self.assertIn("no-such-folder", error)

    def test_the_report_names_pages_and_broken_links(self):
        code, output, _ = self.call(SAMPLE)
        self.assertEqual(code, 0)
        self.assertIn("news/index.html", output)
        self.assertIn("missing.html", output)
${
  json
    ? `
    def test_json_output_can_be_read_back(self):
        self.assertEqual(json.loads(self.call(SAMPLE, "--json")[1]), crawl(str(SAMPLE)))
`
    : ""
}${
  emptyTest
    ? `
    def test_an_empty_folder_and_an_empty_page(self):
        self.assertEqual(len(crawl(str(self.folder))["broken"]), 1)
        page = Page("")
        self.assertEqual((page.title, page.links), ("", []))
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`;
