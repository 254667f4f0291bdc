import type { Design } from "../../design.ts";
import { quote } from "../write-source.ts";

/** The command line of a game: `play` is a function of its own module, with the ways to ask and to say. */
export const pythonGameMain = (
  { name }: Design,
  description: string,
): string => `"""The command line: python3 -m ${name}"""

import argparse
import random
import sys

from .messages import say
from .play import play


def main(arguments=None, ask=input, tell=print):
    """Plays one game. The exit code is 0, or 1 when the input ended before the game."""
    parser = argparse.ArgumentParser(prog=${quote(name)}, description=${description})
    parser.add_argument("--seed", type=int, help=say("help_seed"))
    parser.add_argument("--auto", action="store_true", help=say("help_auto"))
    options = parser.parse_args(arguments)
    try:
        play(random.Random(options.seed), None if options.auto else ask, tell)
    except (EOFError, KeyboardInterrupt):
        print(say("over"), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
`;

/** The tests that every game of Python has, around those of its rules. */
export const pythonGameTests = (
  { name, emptyTest }: Design,
  parts: { imports: string; rules: string; empty: string; answers: string },
): string => `import contextlib
import io
import random
import unittest

from ${name}.__main__ import main
${parts.imports}


class RulesTest(unittest.TestCase):
${parts.rules}

class PlayTest(unittest.TestCase):
    def call(self, *arguments, answers=()):
        given, lines, error = iter(answers), [], io.StringIO()

        def ask(_):
            try:
                return next(given)
            except StopIteration:
                raise EOFError from None

        with contextlib.redirect_stderr(error):
            code = main(list(arguments), ask, lines.append)
        return code, "\\n".join(map(str, lines)), error.getvalue()

    def test_the_same_seed_plays_the_same_game(self):
        self.assertEqual(self.call("--auto", "--seed", "7"), self.call("--auto", "--seed", "7"))
        games = {self.call("--auto", "--seed", str(seed))[1] for seed in range(20)}
        self.assertGreater(len(games), 1)

    def test_a_person_can_play_to_the_end(self):
        code, output, error = self.call("--seed", "3", answers=[str(number) for number in ${parts.answers}])
        self.assertEqual((code, error), (0, ""), output)

    def test_when_the_input_ends_so_does_the_game(self):
        code, _, error = self.call("--seed", "3")
        self.assertEqual((code, error.strip()), (1, say("over")))
${
  emptyTest
    ? `
    def test_an_empty_answer_is_refused_and_asked_again(self):
        code, output, _ = self.call("--seed", "3", answers=["", "   ", "x"])
        self.assertEqual(code, 1)
        self.assertIn(${parts.empty}, output)
`
    : ""
}

if __name__ == "__main__":
    unittest.main()
`;
