import { describe, expect, test } from "vitest";
import { MASK, Masker, mask, maskInTurns } from "#workspaces/environment/masker.ts";
import { MOST_PATTERNS, Patterns } from "#workspaces/environment/patterns.ts";
import { secretPatterns } from "#workspaces/environment/secret-patterns.ts";
import { valuePatterns } from "#workspaces/environment/value-patterns.ts";

const SECRET = "p@ss'w/ör d+1\"<&>%";
const maskedBy = (secrets: string[]) => new Patterns(secrets.flatMap(valuePatterns));

function inPieces(patterns: Patterns, pieces: string[]): string {
  const masker = new Masker(patterns);
  return pieces.map((piece) => masker.push(piece)).join("") + masker.end();
}

describe("a text that comes in pieces", () => {
  const cases: [string, string[], string, string][] = [
    ["one value", ["tomato-soup"], "my tomato-soup, yes", `my ${MASK}, yes`],
    ["twice in a row", ["tomato"], "tomatotomato", `${MASK}${MASK}`],
    [
      "a value that begins another",
      ["tomato", "tomato-soup"],
      "tomato tomato-soup tomato-so",
      `${MASK} ${MASK} ${MASK}`,
    ],
    ["values that overlap", ["abcdefgh", "efghijkl"], "x abcdefghijkl y", `x ${MASK} y`],
    ["a value that repeats itself", ["aaaaaab"], "aaaaaaaaab aaaaaa!", `aaa${MASK} aaaaaa!`],
    ["an end in its middle", ["tomato-soup"], "it is tomato-so", `it is ${MASK}`],
    ["an end too early to tell", ["tomato-soup"], "it is toma", "it is toma"],
    ["nothing to mask", ["tomato-soup"], "it is a potato", "it is a potato"],
    ["characters of two units", ["🔑🔑🔑-key"], "a 🔑🔑🔑-key 🔑", `a ${MASK} 🔑`],
  ];

  test.each(cases)("%s: the same wherever it is cut", (_, secrets, text, expected) => {
    const patterns = new Patterns(secrets);
    expect(mask(patterns, text)).toBe(expected);
    for (let first = 0; first <= text.length; first += 1) {
      for (let second = first; second <= text.length; second += 1) {
        const pieces = [text.slice(0, first), text.slice(first, second), text.slice(second)];
        expect(inPieces(patterns, pieces)).toBe(expected);
      }
    }
    expect(inPieces(patterns, [...text.split("")])).toBe(expected);
  });

  test("texts made by chance from two letters, where values overlap everywhere", () => {
    let seed = 7;
    const chance = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const letters = (length: number) => Array.from({ length }, () => "ab"[chance(2)]).join("");
    for (let round = 0; round < 300; round += 1) {
      const patterns = new Patterns([letters(6), letters(7), letters(9), letters(12)]);
      const text = letters(60);
      const whole = mask(patterns, text);
      for (let cut = 0; cut <= text.length; cut += 1)
        expect(inPieces(patterns, [text.slice(0, cut), text.slice(cut)])).toBe(whole);
    }
  });

  test("nothing is held back that cannot become a value", () => {
    const masker = new Masker(new Patterns(["tomato-soup"]));
    expect(masker.push("a potato!")).toBe("a potato!");
    expect(masker.push(" to")).toBe(" ");
    expect(masker.push("day")).toBe("today");
  });
});

/** What it means, without any thought for time: whatever a pattern stands on is covered, what overlaps is one. */
function slowly(patterns: string[], text: string): string {
  const spans = [...text].flatMap((_, start) =>
    patterns.flatMap((pattern) => {
      const rest = text.slice(start);
      const cutOff = rest.length >= 6 && pattern.startsWith(rest);
      return text.startsWith(pattern, start) || cutOff
        ? [{ start, end: Math.min(text.length, start + pattern.length) }]
        : [];
    }),
  );
  let out = "";
  let end = 0;
  for (const span of spans) {
    if (span.start >= end) out += text.slice(end, span.start) + MASK;
    end = Math.max(end, span.end);
  }
  return out + text.slice(end);
}

describe("what an agent's own values can cost", () => {
  test("texts made by chance are masked as by the slow way", () => {
    let seed = 11;
    const letters = (length: number) =>
      Array.from({ length }, () => {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        return "ab"[(seed >> 16) & 1];
      }).join("");
    for (let round = 0; round < 500; round += 1) {
      const chosen = [letters(6), letters(7), letters(8), letters(13)];
      const text = letters(80);
      expect(mask(new Patterns(chosen), text)).toBe(slowly(chosen, text));
    }
  });

  test("others get their turn while many values that begin alike are learnt and a long text of theirs is masked", async () => {
    const lines = Array.from({ length: 3_000 }, (_, n) => `aaaaaaaaaaaa${String(n).padStart(6, "0")}`);
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 0);
    const patterns = await secretPatterns([lines.join("\n"), `${"a".repeat(16_000)}b`]);
    const { text, found } = await maskInTurns(patterns, `${"a".repeat(4_000_000)} ${lines[7]}`);
    clearInterval(turning);
    expect(turns).toBeGreaterThan(10);
    expect(found).toBe(true);
    expect(text.endsWith(` ${MASK}`)).toBe(true);
    expect(text.length).toBe(4_000_000 + 1 + MASK.length);
  });

  test("the same values are learnt once, and no more of them than there is room for", async () => {
    expect(await secretPatterns(["tomato-soup"])).toBe(await secretPatterns(["tomato-soup"]));
    expect(await secretPatterns(["tomato-soup"])).not.toBe(await secretPatterns(["tomato-soup"], "latin1"));
    const many = Array.from({ length: MOST_PATTERNS + 10 }, (_, n) => `value-${n}-`);
    const patterns = new Patterns(many);
    expect(mask(patterns, `${many[0]} ${many.at(-20)} ${many.at(-1)}`)).toBe(
      `${MASK} ${MASK} ${many.at(-1)}`,
    );
  });
});

describe("a value is masked as programs write it", () => {
  const patterns = maskedBy([SECRET]);
  const forms: [string, string][] = [
    ["as it is", SECRET],
    ["in JSON", JSON.stringify({ key: SECRET })],
    ["in JSON of ASCII", JSON.stringify({ key: SECRET }).replaceAll("ö", "\\u00f6")],
    ["in an address", `https://example.org/?key=${encodeURIComponent(SECRET)}`],
    ["in a form", new URLSearchParams({ key: SECRET }).toString()],
    ["in hexadecimal digits", Buffer.from(SECRET).toString("hex")],
    ["in a shell's quotes", `'${SECRET.replaceAll("'", "'\\''")}'`],
  ];
  test.each(forms)("%s", (_, text) => {
    const seen = mask(patterns, text);
    expect(seen).toContain(MASK);
    for (const part of ["p@ss", "p%40ss", "ör d", "r%20d", "w/", Buffer.from("p@ss").toString("hex")])
      expect(seen).not.toContain(part);
  });

  test.each(["", "a", "ab", "abc", "user:"])("in base64 behind %j", (before) => {
    const seen = mask(patterns, Buffer.from(`${before}${SECRET}:and more`).toString("base64"));
    expect(seen).toContain(MASK);
    const left = seen.split(MASK).map((part) => Buffer.from(part, "base64").toString("latin1"));
    expect(left.join("")).not.toMatch(/p@s|ss'|w\/|d\+1/);
  });

  test("each line of a longer one by itself", () => {
    const key =
      "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQC7VJTU\n-----END KEY-----";
    const shown = key
      .split("\n")
      .map((line, index) => `${index}: ${line}`)
      .join("\n");
    expect(mask(maskedBy([key]), shown)).toBe(`0: ${MASK}\n1: ${MASK}\n2: ${MASK}\n3: ${MASK}`);
  });
});
