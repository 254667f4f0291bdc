import { pythonChartTests } from "./report-chart.ts";
import type { ReportShape } from "./report-shape.ts";

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
import re
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

from ${name}.__main__ import DATA, main
from ${name}.chart import chart
from ${name}.load import DataError, load, parse
from ${name}.render import render, width
from ${name}.summarize import summarize

BAR = re.compile(r'<rect [^>]*width="([0-9.]+)"')
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
${pythonChartTests()}${
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
