import type { Design } from "../../design.ts";
import { javascriptGameTests } from "./game-javascript.ts";

export const ticTacToeRulesJs =
  (): string => `// The rules. A board is a text of nine characters: X, O or a space.
‹
export type Player = "X" | "O";
›
export const LINES = [[0, 1, 2], [3, 4, 5], [6, 7, 8], [0, 3, 6], [1, 4, 7], [2, 5, 8], [0, 4, 8], [2, 4, 6]];
export const EMPTY = " ".repeat(9);

/** Indexes of the places that nobody has. */
export function free(board‹: string›) {
  return [...board].flatMap((mark, index) => (mark === " " ? [index] : []));
}

/** The board after a move. Throws RangeError when the place is taken or not there. */
export function place(board‹: string›, index‹: number›, player‹: Player›) {
  if (!free(board).includes(index)) throw new RangeError(String(index));
  return board.slice(0, index) + player + board.slice(index + 1);
}

/** X, O, or null. */
export function winner(board‹: string›) {
  const line = LINES.find(([a, b, c]) => board[a] !== " " && board[a] === board[b] && board[a] === board[c]);
  return line ? board[line[0]] : null;
}

export function over(board‹: string›) {
  return winner(board) !== null || free(board).length === 0;
}

/** Three lines for a person; a free place shows its number. */
export function draw(board‹: string›) {
  const shown = [...board].map((mark, index) => (mark === " " ? String(index + 1) : mark));
  return [0, 3, 6].map((start) => shown.slice(start, start + 3).join(" ")).join("\\n");
}
`;

export const ticTacToePlayerJs =
  (): string => `// How the program plays: it looks at every end that the game can have.

import { ‹type Chance, ›pick } from "./chance.js";
import { free, over, place, ‹type Player, ›winner } from "./rules.js";

const known = new Map‹<string, number>›();

export const other = (player‹: Player›)‹: Player› => (player === "X" ? "O" : "X");

/** 1 when the player to move can win, 0 when nobody must, -1 when the other can. */
function worth(board‹: string›, player‹: Player›)‹: number› {
  if (over(board)) return winner(board) === null ? 0 : -1;
  const key = board + player;
  const found = known.get(key);
  if (found !== undefined) return found;
  const best = Math.max(...free(board).map((index) => -worth(place(board, index, player), other(player))));
  known.set(key, best);
  return best;
}

/** One of the best places, by chance. */
export function choose(board‹: string›, player‹: Player›, chance‹: Chance›) {
  const worths = free(board).map((index) => ({ index, value: -worth(place(board, index, player), other(player)) }));
  const best = Math.max(...worths.map(({ value }) => value));
  return pick(chance, worths.filter(({ value }) => value === best)).index;
}
`;

export const ticTacToePlayJs = (): string => `// One game: X is the person, O the program.

‹import type { Chance } from "./chance.js";
›import { say } from "./messages.js";
import { choose, other } from "./player.js";
import { draw, EMPTY, free, over, place, ‹type Player, ›winner } from "./rules.js";
‹
type Ask = (text: string) => Promise<string | null>;
type Tell = (text: string) => void;
›
/** The index that the person chooses; asks until it is a free place. Null when the input has ended. */
async function askPlace(board‹: string›, ask‹: Ask›, tell‹: Tell›)‹: Promise<number | null>› {
  for (;;) {
    const text = (await ask(say("ask")))?.trim();
    if (text === undefined) return null;
    const index = /^\\d$/.test(text) ? Number(text) - 1 : -1;
    if (free(board).includes(index)) return index;
    tell(say("bad", { value: text }));
  }
}

/** Plays to the end, which it says; without a way to ask the program plays both sides. */
export async function play(chance‹: Chance›, ask‹: Ask | null›, tell‹: Tell›) {
  let board = EMPTY;
  let player‹: Player› = "X";
  while (!over(board)) {
    const asked = player === "X" ? ask : null;
    if (asked) tell(draw(board));
    const index = asked ? await askPlace(board, asked, tell) : choose(board, player, chance);
    if (index === null) return false;
    board = place(board, index, player);
    player = other(player);
  }
  tell(draw(board));
  const won = winner(board);
  tell(won ? say("won", { player: won }) : say("drawn"));
  return true;
}
`;

export const ticTacToeTestsJs = (design: Design): string =>
  javascriptGameTests(design, {
    imports: `import { seeded } from "../src/${design.name}/chance.js";
import { choose } from "../src/${design.name}/player.js";
import { draw, EMPTY, free, LINES, over, place, ‹type Player, ›winner } from "../src/${design.name}/rules.js";`,
    empty: 'say("bad", { value: "x" })',
    answers: "[1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
    rules: `test("three in a row win in every direction", () => {
  for (const line of LINES) {
    const board = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((index) => (line.includes(index) ? "X" : " ")).join("");
    assert.deepEqual([winner(board), over(board)], ["X", true]);
  }
});

test("a full board without a row is over", () => {
  assert.deepEqual([winner("XOXXOOOXX"), over("XOXXOOOXX")], [null, true]);
});

test("a taken place is refused", () => {
  const board = place(EMPTY, 4, "X");
  for (const index of [4, -1, 9]) assert.throws(() => place(board, index, "O"), RangeError);
});

test("free places show their numbers", () => assert.equal(draw("X       O"), "X 2 3\\n4 5 6\\n7 8 O"));

test("the program takes a row, and keeps the other from one", () => {
  assert.equal(choose("OO XX    ", "O", seeded(1)), 2);
  assert.equal(choose("XX  O    ", "O", seeded(1)), 2);
});

test("the program never loses", () => {
  for (let seed = 0; seed < 30; seed += 1) {
    const chance = seeded(seed);
    let board = EMPTY;
    let player‹: Player› = "X";
    while (!over(board)) {
      const places = free(board);
      const index = player === "X" ? places[Math.floor(chance() * places.length)] : choose(board, "O", chance);
      board = place(board, index, player);
      player = player === "X" ? "O" : "X";
    }
    assert.notEqual(winner(board), "X");
  }
});
`,
  });
