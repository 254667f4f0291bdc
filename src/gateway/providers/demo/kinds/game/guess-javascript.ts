import type { Design } from "../../design.ts";
import { javascriptGameTests } from "./game-javascript.ts";

export const guessRulesJs = (
  most: number,
): string => `// The rules: a number between LEAST and MOST, and what a guess is worth.
‹
export type Word = "higher" | "lower" | "right";
›
export const LEAST = 1;
export const MOST = ${most};

/** The number that a person wrote, or null for anything else. */
export function readGuess(text‹: string›) {
  const guess = /^\\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return guess >= LEAST && guess <= MOST ? guess : null;
}

/** The word for a guess. */
export function judge(secret‹: number›, guess‹: number›)‹: Word› {
  if (guess === secret) return "right";
  return secret > guess ? "higher" : "lower";
}

/** What is left between \`low\` and \`high\` after the word for a guess. */
export function narrow(low‹: number›, high‹: number›, guess‹: number›, word‹: Word›) {
  if (word === "right") return [guess, guess];
  return word === "higher" ? [guess + 1, high] : [low, guess - 1];
}
`;

export const guessPlayJs = (): string => `// One game.

‹import type { Chance } from "./chance.js";
›import { say } from "./messages.js";
import { judge, LEAST, MOST, narrow, readGuess } from "./rules.js";
‹
type Ask = (text: string) => Promise<string | null>;
type Tell = (text: string) => void;
›
/** Asks until it is a number that can be meant. Null when the input has ended. */
async function askGuess(ask‹: Ask›, tell‹: Tell›)‹: Promise<number | null>› {
  for (;;) {
    const text = await ask(say("ask"));
    if (text === null) return null;
    const guess = readGuess(text);
    if (guess !== null) return guess;
    tell(say("bad", { value: text.trim(), most: MOST }));
  }
}

/** Plays until the guess is right; without a way to ask the program guesses the middle of what is left. */
export async function play(chance‹: Chance›, ask‹: Ask | null›, tell‹: Tell›) {
  const secret = LEAST + Math.floor(chance() * (MOST - LEAST + 1));
  let [low, high] = [LEAST, MOST];
  for (let tries = 1; ; tries += 1) {
    const guess = ask ? await askGuess(ask, tell) : Math.floor((low + high) / 2);
    if (guess === null) return false;
    const word = judge(secret, guess);
    [low, high] = narrow(low, high, guess, word);
    tell(say(word, { guess, tries }));
    if (word === "right") return true;
  }
}
`;

export const guessTestsJs = (design: Design, most: number): string =>
  javascriptGameTests(design, {
    imports: `import { judge, LEAST, MOST, narrow, readGuess } from "../src/${design.name}/rules.js";`,
    empty: 'say("bad", { value: "x", most: MOST })',
    answers: "Array.from({ length: MOST }, (_, index) => index + LEAST)",
    rules: `test("a guess is judged", () => {
  assert.deepEqual([4, 5, 6].map((guess) => judge(5, guess)), ["higher", "right", "lower"]);
});

test("the borders can be guessed, and nothing beyond", () => {
  assert.deepEqual([readGuess("1"), readGuess(" ${most} ")], [LEAST, MOST]);
  for (const text of ["0", "${most + 1}", "-1", "1.5", "five", "²"]) assert.equal(readGuess(text), null);
});

test("each word leaves less", () => {
  assert.deepEqual(narrow(1, 10, 5, "higher"), [6, 10]);
  assert.deepEqual(narrow(1, 10, 5, "lower"), [1, 4]);
  assert.deepEqual(narrow(1, 10, 5, "right"), [5, 5]);
});

test("halving finds every number quickly", () => {
  for (let secret = LEAST; secret <= MOST; secret += 1) {
    let [low, high, tries] = [LEAST, MOST, 1];
    let guess = Math.floor((low + high) / 2);
    for (; guess !== secret; tries += 1) {
      [low, high] = narrow(low, high, guess, judge(secret, guess));
      guess = Math.floor((low + high) / 2);
    }
    assert.ok(tries <= Math.ceil(Math.log2(MOST + 1)), \`\${tries} tries for \${secret}\`);
  }
});
`,
  });
