import { quote } from "../write-source.ts";
import type { KeeperShape } from "./keeper-shape.ts";

const required = (shape: KeeperShape) => shape.fields.filter((field) => field.required);

/** The arguments of an `add` in a test: the text and the required values, with further options. */
function addArguments(shape: KeeperShape, text: string, options: string[] = []): string {
  return ["add", text, ...required(shape).map((field) => field.sample), ...options].map(quote).join(", ");
}

function optionTests(shape: KeeperShape, first: string): string[] {
  const tests: string[] = [];
  for (const field of shape.fields) {
    if (field.kind === "choice") {
      tests.push(`    def test_${field.name}_takes_only_the_known_values(self):
        self.assertEqual(self.call(${addArguments(shape, first, [`--${field.name}`, field.sample])})[0], 0)
        code, _, error = self.call(${addArguments(shape, first, [`--${field.name}`, "purple"])})
        self.assertEqual(code, 1)
        self.assertIn("purple", error)
        self.assertEqual([entry[${quote(field.name)}] for entry in self.stored()], [${quote(field.sample)}])`);
    }
    if (field.kind === "date") {
      tests.push(`    def test_${field.name}_must_be_a_real_date(self):
        self.assertEqual(self.call(${addArguments(shape, first, [`--${field.name}`, "2030-02-30"])})[0], 1)
        self.assertEqual(self.call(${addArguments(shape, first, [`--${field.name}`, "2030-02-28"])})[0], 0)
        self.assertIn("2030-02-28", self.call("list")[1])`);
    }
    if (field.kind === "tags") {
      tests.push(`    def test_tags_are_cleaned_and_narrow_the_list(self):
        self.call(${addArguments(shape, first, ["--tags", " Home,urgent,,home"])})
        self.assertEqual(self.stored()[0]["tags"], ["home", "urgent"])
        self.assertIn(${quote(first)}, self.call("list", "--tags", "home")[1])
        self.assertNotIn(${quote(first)}, self.call("list", "--tags", "garden")[1])`);
    }
  }
  return tests;
}

export function pythonKeeperTests(shape: KeeperShape): string {
  const { design } = shape;
  const [first = "First", second = "Second"] = shape.samples;
  const add = (text: string) => addArguments(shape, text);
  const tests = [
    `    def test_an_added_entry_is_listed(self):
        code, output, _ = self.call(${add(first)})
        self.assertEqual(code, 0)
        self.assertIn(${quote(first)}, output)
        self.assertIn(${quote(first)}, self.call("list")[1])`,
    `    def test_removing_one_keeps_the_other_and_its_number(self):
        self.call(${add(first)})
        self.call(${add(second)})
        self.assertEqual(self.call("remove", "1")[0], 0)
        self.assertEqual([(entry["id"], entry[${quote(shape.main)}]) for entry in self.stored()], [(2, ${quote(second)})])`,
    `    def test_empty_text_is_refused_and_nothing_is_stored(self):
        code, output, error = self.call(${add("   ")})
        self.assertEqual((code, output), (1, ""))
        self.assertEqual(error.strip(), say("empty"))
        self.assertFalse(self.file.exists())`,
    `    def test_a_number_that_nobody_has_is_an_error(self):
        code, _, error = self.call("remove", "7")
        self.assertEqual(code, 1)
        self.assertIn("7", error)`,
    `    def test_a_damaged_file_is_reported_and_left_alone(self):
        self.file.write_text("not JSON", encoding="utf-8")
        self.assertEqual(self.call(${add(first)})[0], 1)
        self.assertEqual(self.file.read_text(encoding="utf-8"), "not JSON")`,
  ];
  if (shape.ticks) {
    tests.push(`    def test_what_is_done_leaves_the_open_list(self):
        self.call(${add(first)})
        self.call(${add(second)})
        self.assertEqual(self.call("done", "1")[0], 0)
        output = self.call("list", "--open")[1]
        self.assertNotIn(${quote(first)}, output)
        self.assertIn(${quote(second)}, output)`);
  }
  if (shape.totals) {
    tests.push(`    def test_amounts_add_up_to_the_cent(self):
        self.call("add", ${quote(first)}, "0.10")
        self.call("add", ${quote(second)}, "1,000.20")
        self.assertIn("1000.30", self.call("total")[1])`);
    tests.push(`    def test_an_amount_must_be_above_zero(self):
        for amount in ("0", "-1", "ten", "1.234", ""):
            with self.subTest(amount=amount):
                self.assertNotEqual(self.call("add", ${quote(first)}, amount)[0], 0)
        self.assertFalse(self.file.exists())`);
  }
  tests.push(...optionTests(shape, first));
  if (design.json) {
    tests.push(`    def test_json_output_can_be_read_back(self):
        self.call(${add(first)})
        entries = json.loads(self.call("list", "--json")[1])
        self.assertEqual([entry[${quote(shape.main)}] for entry in entries], [${quote(first)}])`);
  }
  if (design.emptyTest) {
    tests.push(`    def test_a_list_of_nothing_says_so(self):
        self.assertEqual(self.call("list"), (0, say("nothing") + "\\n", ""))
        self.file.write_text("", encoding="utf-8")
        self.assertEqual(self.call("list")[0], 1)`);
  }
  return `import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from ${design.name}.__main__ import main
from ${design.name}.messages import say


class CommandLineTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "entries.json"

    def call(self, *arguments):
        """Exit code, output and errors of one command."""
        output, error = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(error):
            code = main(["--file", str(self.file), *arguments])
        return code, output.getvalue(), error.getvalue()

    def stored(self):
        return json.loads(self.file.read_text(encoding="utf-8"))

${tests.join("\n\n")}


if __name__ == "__main__":
    unittest.main()
`;
}
