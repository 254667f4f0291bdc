import type { Design } from "../../design.ts";

/** Random numbers from a seed: mulberry32, which is in the public domain. */
export const chanceModule = (): string => `// Random numbers that can be repeated.
‹
/** From 0 up to, and without, 1. */
export type Chance = () => number;
›
/** The same seed gives the same numbers (mulberry32). */
export function seeded(seed‹: number›)‹: Chance› {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of the choices. */
export function pick‹<T>›(chance‹: Chance›, choices‹: T[]›)‹: T› {
  return choices[Math.floor(chance() * choices.length)];
}
`;

/** The command line of a game: `play` is a function of its own module, with the ways to ask and to say. */
export const javascriptGameMain = ({ name }: Design, description: string): string => `#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { seeded } from "./src/${name}/chance.js";
import { say } from "./src/${name}/messages.js";
import { play } from "./src/${name}/play.js";

/** A way to ask the person at the terminal; null when the input has ended. */
function terminal() {
  const lines = createInterface({ input: process.stdin, terminal: false });
  const given = lines[Symbol.asyncIterator]();
  const ask = async (text‹: string›)‹: Promise<string | null>› => {
    process.stdout.write(text);
    const { done, value } = await given.next();
    return done ? null : value;
  };
  return { ask, close: () => lines.close() };
}

/** Plays one game. The exit code: 0, 1 when the input ended before the game, 2 when the command line is wrong. */
export async function main(
  args‹: string[]›,
  ask‹: (text: string) => Promise<string | null>›,
  tell‹: (text: string) => void›,
  complain‹: (text: string) => void›,
) {
  let values‹: { seed?: string; auto?: boolean; help?: boolean }›;
  try {
    const flag = { type: "boolean"‹ as const› };
    values = parseArgs({ args, options: { seed: { type: "string" }, auto: flag, help: flag } }).values;
    if (values.seed !== undefined && !/^-?\\d+$/.test(values.seed)) throw new Error(\`--seed \${values.seed}\`);
  } catch (error) {
    complain(‹(›error‹ as Error)›.message);
    return 2;
  }
  if (values.help) {
    tell(\`\${${description}}\\n  --seed  \${say("help_seed")}\\n  --auto  \${say("help_auto")}\`);
    return 0;
  }
  const ended = await play(seeded(Number(values.seed ?? Date.now())), values.auto ? null : ask, tell);
  if (!ended) complain(say("over"));
  return ended ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { ask, close } = terminal();
  process.exitCode = await main(process.argv.slice(2), ask, console.log, console.error);
  close();
}
`;

/** The tests that every game has, around those of its rules. */
export const javascriptGameTests = (
  { name, emptyTest }: Design,
  parts: { imports: string; rules: string; empty: string; answers: string },
): string => `import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../${name}.js";
import { say } from "../src/${name}/messages.js";
${parts.imports}

async function call(args‹: string[]›, answers‹: string[]› = []) {
  const output‹: string[]› = [];
  const error‹: string[]› = [];
  const given = [...answers];
  const ask = async () => given.shift() ?? null;
  const code = await main(args, ask, (text) => output.push(text), (text) => error.push(text));
  return { code, output: output.join("\\n"), error: error.join("\\n") };
}

${parts.rules}
test("the same seed plays the same game", async () => {
  assert.deepEqual(await call(["--auto", "--seed", "7"]), await call(["--auto", "--seed", "7"]));
  const games = new Set();
  for (let seed = 0; seed < 20; seed += 1) games.add((await call(["--auto", "--seed", String(seed)])).output);
  assert.ok(games.size > 1);
});

test("a person can play to the end", async () => {
  const { code, output, error } = await call(["--seed", "3"], ${parts.answers}.map(String));
  assert.deepEqual([code, error], [0, ""], output);
});

test("when the input ends, so does the game", async () => {
  const { code, error } = await call(["--seed", "3"]);
  assert.deepEqual([code, error], [1, say("over")]);
});

test("a wrong command line is told apart", async () => {
  assert.equal((await call(["--seed", "x"])).code, 2);
  assert.equal((await call(["--help"])).code, 0);
});
${
  emptyTest
    ? `
test("an empty answer is refused and asked again", async () => {
  const { code, output } = await call(["--seed", "3"], ["", "   ", "x"]);
  assert.equal(code, 1);
  assert.ok(output.includes(${parts.empty}));
});
`
    : ""
}`;
