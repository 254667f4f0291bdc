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
