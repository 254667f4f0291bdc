import type { Design } from "../../design.ts";
import { pythonGameTests } from "./game-python.ts";

export const ticTacToeRules =
  (): string => `"""The rules. A board is a text of nine characters: X, O or a space."""

LINES = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6))
EMPTY = " " * 9


def free(board):
    """Indexes of the places that nobody has."""
    return [index for index, mark in enumerate(board) if mark == " "]


def place(board, index, player):
    """The board after a move. Raises ValueError when the place is taken or not there."""
    if index not in free(board):
        raise ValueError(index)
    return board[:index] + player + board[index + 1:]


def winner(board):
    """X, O, or None."""
    for first, second, third in LINES:
        if board[first] != " " and board[first] == board[second] == board[third]:
            return board[first]
    return None


def over(board):
    return winner(board) is not None or not free(board)


def draw(board):
    """Three lines for a person; a free place shows its number."""
    shown = [mark if mark != " " else str(index + 1) for index, mark in enumerate(board)]
    return "\\n".join(" ".join(shown[start:start + 3]) for start in (0, 3, 6))
`;

export const ticTacToePlayer =
  (): string => `"""How the program plays: it looks at every end that the game can have."""

from functools import lru_cache

from .rules import free, over, place, winner

OTHER = {"X": "O", "O": "X"}


@lru_cache(maxsize=None)
def worth(board, player):
    """1 when the player to move can win, 0 when nobody must, -1 when the other can."""
    if over(board):
        return 0 if winner(board) is None else -1
    return max(-worth(place(board, index, player), OTHER[player]) for index in free(board))


def choose(board, player, chance):
    """One of the best places, by chance."""
    worths = {index: -worth(place(board, index, player), OTHER[player]) for index in free(board)}
    best = max(worths.values())
    return chance.choice([index for index, value in worths.items() if value == best])
`;

export const ticTacToePlay = (): string => `"""One game: X is the person, O the program."""

from .messages import say
from .player import OTHER, choose
from .rules import EMPTY, draw, over, place, winner


def ask_place(board, ask, tell):
    """The index that the person chooses; asks until it is a free place."""
    while True:
        text = ask(say("ask")).strip()
        try:
            index = int(text) - 1
            place(board, index, "X")
            return index
        except ValueError:
            tell(say("bad", value=text))


def play(chance, ask, tell):
    """Plays to the end; without a way to ask the program plays both sides, the first move by chance."""
    board, player = EMPTY, "X"
    while not over(board):
        if player == "X" and ask:
            tell(draw(board))
            index = ask_place(board, ask, tell)
        else:
            index = choose(board, player, chance)
        board = place(board, index, player)
        player = OTHER[player]
    tell(draw(board))
    tell(say("won", player=winner(board)) if winner(board) else say("drawn"))
`;

export const ticTacToeTests = (design: Design): string =>
  pythonGameTests(design, {
    imports: `from ${design.name}.messages import say
from ${design.name}.player import choose
from ${design.name}.rules import EMPTY, LINES, draw, over, place, winner`,
    empty: 'say("bad", value="x")',
    answers: "[1, 2, 3, 4, 5, 6, 7, 8, 9] * 3",
    rules: `    def test_three_in_a_row_win_in_every_direction(self):
        for line in LINES:
            board = "".join("X" if index in line else " " for index in range(9))
            self.assertEqual((winner(board), over(board)), ("X", True))

    def test_a_full_board_without_a_row_is_over(self):
        self.assertEqual((winner("XOXXOOOXX"), over("XOXXOOOXX")), (None, True))

    def test_a_taken_place_is_refused(self):
        board = place(EMPTY, 4, "X")
        for index in (4, -1, 9):
            with self.subTest(index=index), self.assertRaises(ValueError):
                place(board, index, "O")

    def test_free_places_show_their_numbers(self):
        self.assertEqual(draw("X       O"), "X 2 3\\n4 5 6\\n7 8 O")

    def test_the_program_takes_a_row_and_keeps_the_other_from_one(self):
        self.assertEqual(choose("OO XX    ", "O", random.Random(1)), 2)
        self.assertEqual(choose("XX  O    ", "O", random.Random(1)), 2)

    def test_the_program_never_loses(self):
        for seed in range(30):
            chance, board, player = random.Random(seed), EMPTY, "X"
            while not over(board):
                free = [index for index, mark in enumerate(board) if mark == " "]
                board = place(board, chance.choice(free) if player == "X" else choose(board, "O", chance), player)
                player = "O" if player == "X" else "X"
            self.assertNotEqual(winner(board), "X")
`,
  });
