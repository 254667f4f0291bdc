import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

export const sourceModule =
  (): string => `"""Where prices come from: a file of recorded prices, or an address that answers with JSON."""

import json
import math
import urllib.request
from pathlib import Path

from .messages import say

TIMEOUT_SECONDS = 10


def read_source(source):
    """The text behind a path or an http(s) address. Raises OSError."""
    if source.startswith(("http://", "https://")):
        with urllib.request.urlopen(source, timeout=TIMEOUT_SECONDS) as answer:
            return answer.read().decode("utf-8")
    return Path(source).read_text(encoding="utf-8")


def price_in(text, symbol, turn=0):
    """The price of \`symbol\` in an answer: a number, an object with one, or recorded ones, of which the turn-th.

    Raises ValueError when there is none.
    """
    try:
        value = json.loads(text)
        if isinstance(value, dict):
            value = value.get(symbol, value.get("price"))
        if isinstance(value, list) and value:
            value = value[turn % len(value)]
        price = math.nan if value is None or isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        price = math.nan
    if not (math.isfinite(price) and price > 0):
        raise ValueError(say("no_price", symbol=symbol))
    return price
`;

export const historyModule = (): string => `"""The prices seen so far, one line each: time,price."""

from pathlib import Path


def load(path):
    """Pairs of time and price, the oldest first; none when there is no file yet."""
    file = Path(path)
    if not file.exists():
        return []
    rows = (line.rsplit(",", 1) for line in file.read_text(encoding="utf-8").splitlines() if line)
    return [(time, float(price)) for time, price in rows]


def add(path, time, price):
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{time},{price}\\n")


def summarize(prices):
    """Count, lowest, highest, mean and last; None when there is no price."""
    if not prices:
        return None
    return {
        "count": len(prices),
        "low": min(prices),
        "high": max(prices),
        "mean": sum(prices) / len(prices),
        "last": prices[-1],
    }
`;

export const rulesModule = (): string => `"""When a price is worth a word."""


def change_of(prices):
    """Percent from the price before the last to the last; 0 for the first."""
    if len(prices) < 2:
        return 0.0
    return (prices[-1] - prices[-2]) / prices[-2] * 100


def alerts(prices, above=None, below=None, change=None):
    """Names of the rules that the last price meets. A limit counts once, in the moment it is crossed."""
    if not prices:
        return []
    last = prices[-1]
    before = prices[-2] if len(prices) > 1 else None
    found = []
    if above is not None and last > above and (before is None or before <= above):
        found.append("above")
    if below is not None and last < below and (before is None or before >= below):
        found.append("below")
    if change is not None and before is not None and abs(change_of(prices)) >= change:
        found.append("change")
    return found
`;

export function monitorMain(design: Design, symbol: string): string {
  const { json, name } = design;
  return `"""The command line: python3 -m ${name} check"""

import argparse
${json ? "import json\n" : ""}import sys
import time
from datetime import datetime, timezone

from .history import add, load, summarize
from .messages import say
from .rules import alerts, change_of
from .source import price_in, read_source

SYMBOL = ${quote(symbol)}


def check(options):
    """Takes one price, keeps it, and gives what the person sees of it."""
    prices = [price for _, price in load(options.history)]
    price = price_in(read_source(options.source), SYMBOL, len(prices))
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    add(options.history, now, price)
    prices.append(price)
    found = alerts(prices, options.above, options.below, options.change)
${
  json
    ? `    if options.json:
        figures = {"symbol": SYMBOL, "time": now, "price": price, "change": change_of(prices), "alerts": found}
        return json.dumps(figures, ensure_ascii=False)
`
    : ""
}    lines = [say("price", symbol=SYMBOL, price=f"{price:.2f}", change=f"{change_of(prices):+.2f}")]
    lines += [say("alert_" + name, symbol=SYMBOL, limit=getattr(options, name)) for name in found]
    return "\\n".join(lines)


def show_history(options):
    figures = summarize([price for _, price in load(options.history)])
    if figures is None:
        return say("no_history")
    texts = {key: value if key == "count" else f"{value:.2f}" for key, value in figures.items()}
    return say("summary", symbol=SYMBOL, **texts)


def read_arguments(arguments):
    parser = argparse.ArgumentParser(prog=${quote(name)}, description=say("description"))
    parser.add_argument("command", choices=["check", "watch", "history"])
    parser.add_argument("--source", default="data/prices.json")
    parser.add_argument("--history", default="history.csv")
    parser.add_argument("--interval", type=float, default=60)
    parser.add_argument("--times", type=int, default=0)
    for rule in ("above", "below", "change"):
        parser.add_argument("--" + rule, type=float)
${json ? '    parser.add_argument("--json", action="store_true")\n' : ""}    return parser.parse_args(arguments)


def main(arguments=None):
    """The exit code is 0, or 1 when there was no price."""
    options = read_arguments(arguments)
    if options.command == "history":
        print(show_history(options))
        return 0
    times = 1 if options.command == "check" else options.times
    done = 0
    while times == 0 or done < times:
        if done > 0:
            time.sleep(options.interval)
        try:
            print(check(options), flush=True)
        except (OSError, ValueError) as error:
            print(say("failed", reason=error), file=sys.stderr)
            return 1
        done += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;
}

export function monitorTests(design: Design, symbol: string): string {
  const { json, name, emptyTest } = design;
  return `import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from ${name}.__main__ import main
from ${name}.history import add, load, summarize
from ${name}.messages import say
from ${name}.rules import alerts, change_of
from ${name}.source import price_in


class SourceTest(unittest.TestCase):
    def test_a_price_is_found_in_every_form(self):
        for text in ("1390.5", '{"price": "1390.5"}', '{${quote(symbol)}: 1390.5}', '{${quote(symbol)}: [1, 1390.5]}'):
            with self.subTest(text=text):
                self.assertEqual(price_in(text, ${quote(symbol)}, 1), 1390.5)

    def test_recorded_prices_come_one_after_another_and_begin_again(self):
        self.assertEqual([price_in("[1, 2, 3]", "X", turn) for turn in range(4)], [1, 2, 3, 1])

    def test_what_is_no_price_is_refused(self):
        for text in ("", "null", "true", "-1", "0", "NaN", '{"other": 1}', "[]", '["a"]'):
            with self.subTest(text=text), self.assertRaises(ValueError):
                price_in(text, "X")


class RulesTest(unittest.TestCase):
    def test_a_limit_counts_in_the_moment_it_is_crossed(self):
        self.assertEqual(alerts([99, 101], above=100), ["above"])
        self.assertEqual(alerts([101, 102], above=100), [])
        self.assertEqual(alerts([101, 99], below=100), ["below"])

    def test_a_large_change_counts_in_both_directions(self):
        self.assertEqual(alerts([100, 103], change=3), ["change"])
        self.assertEqual(alerts([100, 97], change=3), ["change"])
        self.assertEqual(alerts([100, 102], change=3), [])

    def test_change_is_in_percent_of_the_price_before(self):
        self.assertAlmostEqual(change_of([200, 210]), 5)
        self.assertEqual(change_of([200]), 0)


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.history = str(Path(folder.name) / "history.csv")
        self.source = Path(folder.name) / "prices.json"
        self.source.write_text(json.dumps({${quote(symbol)}: [100, 104, 90]}), encoding="utf-8")

    def call(self, *arguments):
        output, error = io.StringIO(), io.StringIO()
        places = ["--source", str(self.source), "--history", self.history]
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            code = main([*arguments, *places])
        return code, output.getvalue(), error.getvalue()

    def test_what_is_kept_can_be_read_again(self):
        add(self.history, "2030-01-01T00:00:00+00:00", 1.5)
        self.assertEqual(load(self.history), [("2030-01-01T00:00:00+00:00", 1.5)])

    def test_watching_keeps_every_price_and_says_what_is_crossed(self):
        code, output, _ = self.call("watch", "--times", "3", "--interval", "0", "--above", "103", "--below", "95")
        self.assertEqual(code, 0)
        self.assertEqual([price for _, price in load(self.history)], [100, 104, 90])
        self.assertIn(say("alert_above", symbol=${quote(symbol)}, limit=103.0), output)
        self.assertIn(say("alert_below", symbol=${quote(symbol)}, limit=95.0), output)

    def test_the_history_is_summed_up(self):
        self.call("watch", "--times", "3", "--interval", "0")
        code, output, _ = self.call("history")
        self.assertEqual(code, 0)
        self.assertIn("98.00", output)
        self.assertEqual(summarize([100, 104, 90])["high"], 104)

    def test_a_source_that_is_not_there_ends_with_1_and_says_so(self):
        self.source.unlink()
        code, output, error = self.call("check")
        self.assertEqual((code, output), (1, ""))
        self.assertNotEqual(error, "")
${
  json
    ? `
    def test_json_output_can_be_read_back(self):
        figures = json.loads(self.call("check", "--json")[1])
        self.assertEqual((figures["symbol"], figures["price"]), (${quote(symbol)}, 100))
`
    : ""
}${
  emptyTest
    ? `
    def test_an_empty_history_has_no_figures(self):
        self.assertIsNone(summarize([]))
        self.assertEqual(alerts([], above=1), [])
        self.assertIn(say("no_history"), self.call("history")[1])
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`;
}
