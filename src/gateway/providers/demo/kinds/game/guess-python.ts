import type { Design } from "../../design.ts";
import { pythonGameTests } from "./game-python.ts";

export const guessRules = (
  most: number,
): string => `"""The rules: a number between LEAST and MOST, and what a guess is worth."""

LEAST, MOST = 1, ${most}


def read_guess(text):
    """The number that a person wrote. Raises ValueError for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or not LEAST <= int(text) <= MOST:
        raise ValueError(text)
    return int(text)


def judge(secret, guess):
    """The word for a guess: higher, lower or right."""
    if guess == secret:
        return "right"
    return "higher" if secret > guess else "lower"


def narrow(low, high, guess, word):
    """What is left between \`low\` and \`high\` after the word for a guess."""
    if word == "right":
        return guess, guess
    return (guess + 1, high) if word == "higher" else (low, guess - 1)
`;

export const guessPlay = (): string => `"""One game."""

from .messages import say
from .rules import LEAST, MOST, judge, narrow, read_guess


def ask_guess(ask, tell):
    """Asks until it is a number that can be meant."""
    while True:
        text = ask(say("ask"))
        try:
            return read_guess(text)
        except ValueError:
            tell(say("bad", value=text.strip(), most=MOST))


def play(chance, ask, tell):
    """Plays until the guess is right; without a way to ask the program guesses the middle of what is left."""
    secret = chance.randint(LEAST, MOST)
    low, high, tries, word = LEAST, MOST, 0, ""
    while word != "right":
        guess = ask_guess(ask, tell) if ask else (low + high) // 2
        tries += 1
        word = judge(secret, guess)
        low, high = narrow(low, high, guess, word)
        tell(say(word, guess=guess, tries=tries))
`;

export const guessTests = (design: Design, most: number): string =>
  pythonGameTests(design, {
    imports: `from ${design.name}.messages import say
from ${design.name}.rules import LEAST, MOST, judge, narrow, read_guess`,
    empty: 'say("bad", value="x", most=MOST)',
    answers: "range(LEAST, MOST + 1)",
    rules: `    def test_a_guess_is_judged(self):
        self.assertEqual([judge(5, guess) for guess in (4, 5, 6)], ["higher", "right", "lower"])

    def test_the_borders_can_be_guessed_and_nothing_beyond(self):
        self.assertEqual([read_guess("1"), read_guess(" ${most} ")], [LEAST, MOST])
        for text in ("0", "${most + 1}", "-1", "1.5", "five", "²"):
            with self.subTest(text=text), self.assertRaises(ValueError):
                read_guess(text)

    def test_each_word_leaves_less(self):
        self.assertEqual(narrow(1, 10, 5, "higher"), (6, 10))
        self.assertEqual(narrow(1, 10, 5, "lower"), (1, 4))
        self.assertEqual(narrow(1, 10, 5, "right"), (5, 5))

    def test_halving_finds_every_number_quickly(self):
        for secret in range(LEAST, MOST + 1):
            low, high, tries, word = LEAST, MOST, 0, ""
            while word != "right":
                guess = (low + high) // 2
                word, tries = judge(secret, guess), tries + 1
                low, high = narrow(low, high, guess, word)
            self.assertLessEqual(tries, MOST.bit_length())
`,
  });
