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
${json ? '    parser.add_argument("--json", action="store_true", help=say("help_json"))\n' : ""}    options = parser.parse_args(arguments)
    try:
        summary = summarize(load(options.data))
${json ? "        text = json.dumps(summary, ensure_ascii=False, indent=2, default=float) if options.json else render(summary)\n" : "        text = render(summary)\n"}        if options.output:
            Path(options.output).write_text(text + "\\n", encoding="utf-8")
        else:
            print(text)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError:
        print(say("unwritable", path=options.output), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
}

export function pythonReportTests(shape: ReportShape): string {
  const { name, json, emptyTest } = shape.design;
  const figures =
    shape.measure === "sum"
      ? `    def test_values_of_a_group_are_added_up(self):
        totals = {figures["group"]: figures["total"] for figures in summarize(ROWS)}
        self.assertEqual(totals, {"a": Decimal("3.3"), "b": Decimal("9.9")})

    def test_shares_make_a_hundred(self):
        self.assertAlmostEqual(sum(figures["share"] for figures in summarize(load(DATA))), 100)

    def test_values_that_cancel_out_have_no_share(self):
        rows = [("a", Decimal(1)), ("b", Decimal(-1))]
        self.assertEqual([figures["share"] for figures in summarize(rows)], [0, 0])
`
      : `    def test_mean_least_and_most_of_a_group(self):
        figures = summarize(ROWS)[1]
        self.assertEqual((figures["mean"], figures["least"], figures["most"]), (Decimal("1.65"), Decimal("1.1"), Decimal("2.2")))

    def test_values_below_zero_count(self):
        figures = summarize([("a", Decimal(-4)), ("a", Decimal(2))])[0]
        self.assertEqual((figures["mean"], figures["least"]), (-1, -4))
`;
  const order = `    def test_${shape.largestFirst ? "the_largest_comes_first" : "groups_keep_the_order_of_the_data"}(self):
        self.assertEqual([figures["group"] for figures in summarize([("a", Decimal(1)), ("b", Decimal(2))])], ${shape.largestFirst ? '["b", "a"]' : '["a", "b"]'})
`;
  return `import contextlib
import io
import json
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

from ${name}.__main__ import DATA, main
from ${name}.load import DataError, load, parse
from ${name}.render import render, width
from ${name}.summarize import summarize

ROWS = [("b", Decimal("9.9")), ("a", Decimal("1.1")), ("a", Decimal("2.2"))]


class LoadTest(unittest.TestCase):
    def test_rows_are_read_below_the_heading(self):
        self.assertEqual(parse('name,value\\n"a, b",1.5\\n\\nc,"1,000"\\n'), [("a, b", Decimal("1.5")), ("c", Decimal(1000))])

    def test_a_wrong_line_is_named(self):
        for text in ("h,v\\na,1\\nb,two\\n", "h,v\\na,1\\nb\\n", "h,v\\na,1\\nb,nan\\n"):
            with self.subTest(text=text), self.assertRaisesRegex(DataError, "3"):
                parse(text)
${
  emptyTest
    ? `
    def test_data_without_rows_is_refused(self):
        for text in ("", "name,value\\n", "\\n\\n"):
            with self.subTest(text=text), self.assertRaises(DataError):
                parse(text)
`
    : ""
}

class SummarizeTest(unittest.TestCase):
${figures}
${order}

class ReportTest(unittest.TestCase):
    def call(self, *arguments):
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            code = main([str(argument) for argument in arguments])
        return code, output.getvalue(), error.getvalue()

    def test_every_group_of_the_data_is_in_the_report(self):
        code, output, _ = self.call()
        self.assertEqual(code, 0)
        for group, _ in load(DATA):
            self.assertIn(group, output)

    def test_lines_of_the_table_are_equally_wide_in_every_script(self):
        table = render(summarize([("서울", Decimal(5)), ("Tokyo", Decimal(7))])).splitlines()[2:]
        self.assertEqual(len({width(line) for line in table}), 1)

    def test_missing_data_is_an_error_of_one_line(self):
        code, output, error = self.call("no-such-file.csv")
        self.assertEqual((code, output, len(error.splitlines())), (1, "", 1))

    def test_the_report_can_go_to_a_file(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "report.md"
            self.assertEqual(self.call("--output", path)[:2], (0, ""))
            self.assertTrue(path.read_text(encoding="utf-8").startswith("# "))
${
  json
    ? `
    def test_json_output_can_be_read_back(self):
        summary = json.loads(self.call("--json")[1])
        self.assertEqual({figures["group"] for figures in summary}, {group for group, _ in load(DATA)})
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`.replace(json ? /(?!)/ : "import json\n", "");
}
