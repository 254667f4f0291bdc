import { type LibrarySources, withMistake } from "./library.ts";

const SYMBOLS = `"""The symbols, largest first; pairs like IV are symbols of their own."""

LARGEST = 3999

SYMBOLS = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
`;

export const romanPython = (): LibrarySources => ({
  modules: [
    {
      name: "symbols",
      needs: [],
      content: SYMBOLS,
      mistaken: withMistake(SYMBOLS, '    (4, "IV"),\n', ""),
    },
    {
      name: "encode",
      needs: ["symbols", "messages"],
      content: `"""From numbers to Roman numerals."""

from .messages import say
from .symbols import LARGEST, SYMBOLS


def to_roman(number):
    """The numeral of a whole number from 1 to 3999. Raises TypeError or ValueError."""
    if not isinstance(number, int) or isinstance(number, bool):
        raise TypeError(say("not_whole", value=number))
    if not 1 <= number <= LARGEST:
        raise ValueError(say("out_of_range", value=number, largest=LARGEST))
    numeral = ""
    for value, symbol in SYMBOLS:
        times, number = divmod(number, value)
        numeral += symbol * times
    return numeral
`,
    },
    {
      name: "decode",
      needs: ["encode", "symbols", "messages"],
      content: `"""From Roman numerals to numbers."""

from .encode import to_roman
from .messages import say
from .symbols import LARGEST, SYMBOLS


def from_roman(numeral):
    """The number of a numeral in any case. Raises ValueError unless it is written the usual way."""
    text = numeral.strip().upper()
    number, rest = 0, text
    for value, symbol in SYMBOLS:
        while rest.startswith(symbol):
            number += value
            rest = rest[len(symbol):]
    # Writing it again refuses IIII, IC and the like.
    if rest or not 1 <= number <= LARGEST or to_roman(number) != text:
        raise ValueError(say("not_numeral", value=numeral))
    return number
`,
    },
  ],
  exports: { decode: ["from_roman"], encode: ["to_roman"] },
  example: `from PACKAGE import from_roman, to_roman

to_roman(2024)       # "MMXXIV"
from_roman("MCMXCIX")  # 1999`,
  tests: `import unittest

from PACKAGE import from_roman, to_roman


class RomanTest(unittest.TestCase):
    def test_single_symbols(self):
        for number, numeral in ((1, "I"), (5, "V"), (10, "X"), (50, "L"), (100, "C"), (500, "D"), (1000, "M")):
            with self.subTest(number=number):
                self.assertEqual(to_roman(number), numeral)

    def test_four_and_nine_are_written_as_subtractions(self):
        self.assertEqual([to_roman(number) for number in (4, 9, 40, 90, 400, 900)], ["IV", "IX", "XL", "XC", "CD", "CM"])

    def test_known_years(self):
        self.assertEqual(to_roman(1999), "MCMXCIX")
        self.assertEqual(to_roman(2024), "MMXXIV")

    def test_every_number_comes_back(self):
        for number in range(1, 4000):
            self.assertEqual(from_roman(to_roman(number)), number)

    def test_any_case_and_spaces_around_are_fine(self):
        self.assertEqual(from_roman(" mcmxcix "), 1999)

    def test_what_cannot_be_written_is_refused(self):
        for number in (0, -1, 4000):
            with self.subTest(number=number), self.assertRaises(ValueError):
                to_roman(number)
        with self.assertRaises(TypeError):
            to_roman(1.5)

    def test_what_is_no_numeral_is_refused(self):
        for numeral in ("IIII", "IC", "VV", "ABC", "XIVI"):
            with self.subTest(numeral=numeral), self.assertRaises(ValueError):
                from_roman(numeral)
EMPTY_TEST

if __name__ == "__main__":
    unittest.main()
`,
  emptyTest: `
    def test_empty_text_is_refused(self):
        for numeral in ("", "   "):
            with self.assertRaises(ValueError):
                from_roman(numeral)
`,
});
