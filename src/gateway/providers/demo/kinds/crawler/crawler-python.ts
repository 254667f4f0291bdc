import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

export const pythonParse = (): string => `"""Title and links of a page."""

from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin


class Page(HTMLParser):
    """What a page says of itself; broken HTML gives what can be read of it."""

    def __init__(self, html):
        super().__init__()
        self.title, self.links, self.in_title = "", [], False
        self.feed(html)
        self.title = " ".join(self.title.split())

    def handle_starttag(self, tag, attributes):
        self.in_title = tag == "title" and not self.title
        link = dict(attributes).get("href")
        if tag == "a" and link:
            self.links.append(link.strip())

    def handle_endtag(self, tag):
        self.in_title = False

    def handle_data(self, text):
        if self.in_title:
            self.title += text


def links_from(page, address):
    """Whole addresses of what the page links to, once each, without the places inside of pages."""
    found = []
    for link in page.links:
        try:
            found.append(urldefrag(urljoin(address, link))[0])
        except ValueError:
            continue
    wanted = [link for link in found if link.split(":", 1)[0] in ("http", "https", "file")]
    return list(dict.fromkeys(wanted))
`;

export const pythonCrawl = (): string => `"""Goes from page to page, the nearest first, each one once."""

from collections import deque

from .parse import Page, links_from
from .source import fetch, first_address, root_of


def crawl(start, most=100):
    """Pages (address, title), broken links (address, from) and links to elsewhere; addresses of the site are short."""
    first = first_address(start)
    root = root_of(first)

    def short(address):
        return address[len(root):] or "/"

    waiting, known = deque([(first, "")]), {first}
    pages, broken, outside = [], [], set()
    while waiting and len(pages) < most:
        address, source = waiting.popleft()
        text = fetch(address, root)
        if text is None:
            broken.append({"address": short(address), "from": source})
            continue
        if not text:
            continue
        page = Page(text)
        pages.append({"address": short(address), "title": page.title})
        for link in links_from(page, address):
            if not link.startswith(root):
                outside.add(link)
            elif link not in known:
                known.add(link)
                waiting.append((link, short(address)))
    return {"pages": pages, "broken": broken, "outside": sorted(outside)}
`;

export const pythonCrawlerMain = ({
  name,
  json,
}: Design): string => `"""The command line: python3 -m ${name} sample"""

import argparse
${json ? "import json\n" : ""}import sys

from .crawl import crawl
from .messages import say
from .source import NotLocal


def report(found):
    """What a person sees of it."""
    lines = [say("page", address=page["address"], title=page["title"] or say("untitled")) for page in found["pages"]]
    lines += [say("broken", **link) for link in found["broken"]]
    return "\\n".join([*lines, say("total", **{key: len(value) for key, value in found.items()})])


def main(arguments=None):
    """The exit code is 0, or 1 when the start is no place of this machine."""
    parser = argparse.ArgumentParser(prog=${quote(name)}, description=say("description"))
    parser.add_argument("start", help=say("help_start"))
    parser.add_argument("--most", type=int, default=100, help=say("help_most"))
${json ? '    parser.add_argument("--json", action="store_true", help=say("help_json"))\n' : ""}    options = parser.parse_args(arguments)
    try:
        found = crawl(options.start, options.most)
    except NotLocal as error:
        print(error, file=sys.stderr)
        return 1
    print(${json ? "json.dumps(found, ensure_ascii=False, indent=2) if options.json else " : ""}report(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
