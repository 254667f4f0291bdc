import { quote } from "../write-source.ts";
import type { ReportShape } from "./report-shape.ts";

export function pythonLoad(): string {
  return `"""Rows of a CSV file with two columns: the group and its value."""

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

from .messages import say


class DataError(ValueError):
    """The data cannot be used. The message is meant for the person."""


def read_value(text, line):
    try:
        value = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        raise DataError(say("not_a_number", line=line, value=text)) from None
    if not value.is_finite():
        raise DataError(say("not_a_number", line=line, value=text))
    return value


def parse(text):
    """Pairs of group and value below the heading line. Raises DataError."""
    reader = csv.reader(text.lstrip("\\ufeff").splitlines())
    next(reader, None)
    rows = []
    for cells in reader:
        if not cells:
            continue
        if len(cells) != 2 or not cells[0].strip():
            raise DataError(say("not_two_columns", line=reader.line_num))
        rows.append((cells[0].strip(), read_value(cells[1], reader.line_num)))
    if not rows:
        raise DataError(say("no_rows"))
    return rows


def load(path):
    """The rows of a file in UTF-8. Raises DataError."""
    try:
        return parse(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(say("unreadable", path=path)) from error
`;
}

export function pythonSummarize(shape: ReportShape): string {
  const sum = shape.measure === "sum";
  const figures = sum
    ? `{
            "group": name,
            "rows": len(values),
            "total": sum(values),
            "share": sum(values) / whole * 100 if whole else Decimal(0),
        }`
    : `{
            "group": name,
            "rows": len(values),
            "mean": sum(values) / len(values),
            "least": min(values),
            "most": max(values),
        }`;
  const lines = shape.largestFirst
    ? '    return sorted(summary, key=lambda figures: (-figures["total"], figures["group"]))'
    : "    return summary";
  return `"""The figures of each group."""

${sum ? "from decimal import Decimal\n\n" : ""}
def summarize(rows):
    """One dictionary a group, ${shape.largestFirst ? "the largest total first" : "in the order of the data"}."""
    groups = {}
    for name, value in rows:
        groups.setdefault(name, []).append(value)
${sum ? "    whole = sum(value for _, value in rows)\n" : ""}    summary = [
        ${figures}
        for name, values in groups.items()
    ]
${lines}
`.replace(/"""\n\n\n\ndef/, '"""\n\n\ndef');
}

export function pythonRender(shape: ReportShape): string {
  const sum = shape.measure === "sum";
  const cells = sum
    ? '[figures["group"], figures["rows"], number(figures["total"]), f"{figures[\'share\']:.1f}%"]'
    : '[figures["group"], figures["rows"], number(figures["mean"]), number(figures["least"]), number(figures["most"])]';
  return `"""The report as a Markdown table that also lines up in a terminal."""

import unicodedata

from .messages import say

COLUMNS = (${(sum ? ["group", "rows", "total", "share"] : ["group", "rows", "mean", "least", "most"]).map(quote).join(", ")})


def width(text):
    """Columns of a terminal: characters of East Asian scripts take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def number(value):
    """At most two decimals, with thousands set apart."""
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def render(summary):
    head = [say("column_" + column) for column in COLUMNS]
    body = [[str(cell) for cell in ${cells}] for figures in summary]
    widths = [max(3, *(width(row[index]) for row in [head, *body])) for index in range(len(head))]

    def line(row):
        padded = []
        for index, cell in enumerate(row):
            space = " " * (widths[index] - width(cell))
            padded.append(cell + space if index == 0 else space + cell)
        return f"| {' | '.join(padded)} |"

    rule = ["-" * widths[0], *("-" * (one - 1) + ":" for one in widths[1:])]
    return "\\n".join([f"# {say('heading')}", "", line(head), line(rule), *map(line, body)])
`;
}

export function pythonReportMain(shape: ReportShape): string {
  const { name, json } = shape.design;
  return `"""The command line: python3 -m ${name}"""

import argparse
${json ? "import json\n" : ""}import sys
from pathlib import Path

from .chart import chart
from .load import DataError, load
from .messages import say
from .render import render
from .summarize import summarize

DATA = Path(__file__).resolve().parent.parent / "data" / ${quote(`${name}.csv`)}


def main(arguments=None):
    """Prints the report. The exit code is 0, or 1 when the data cannot be used."""
    parser = argparse.ArgumentParser(prog=${quote(name)}, description=say("description"))
    parser.add_argument("data", nargs="?", default=DATA, help=say("help_data"))
    parser.add_argument("--output", help=say("help_output"))
    parser.add_argument("--chart", help=say("help_chart"))
${json ? '    parser.add_argument("--json", action="store_true", help=say("help_json"))\n' : ""}    options = parser.parse_args(arguments)
    try:
        summary = summarize(load(options.data))
${json ? "        text = json.dumps(summary, ensure_ascii=False, indent=2, default=float) if options.json else render(summary)\n" : "        text = render(summary)\n"}        if options.chart:
            Path(options.chart).write_text(chart(summary), encoding="utf-8")
        if options.output:
            Path(options.output).write_text(text + "\\n", encoding="utf-8")
        else:
            print(text)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(say("unwritable", path=error.filename), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
}
