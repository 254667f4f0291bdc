import { expect, test } from "vitest";
import { compactRequests } from "#engines/builder/compact-requests.ts";

const long = (letter: string) => letter.repeat(20_000);

test("what is short is given whole, however many rounds", () => {
  const requests = Array.from({ length: 30 }, (_, round) => `change ${round}`);
  expect(compactRequests(requests)).toEqual(requests);
});

test("of a long conversation the first and the last stay whole, the middle says how much is left out", () => {
  const [first, middle, short, last] = compactRequests([long("a"), long("b"), "c", long("d")]);
  expect([first, short, last]).toEqual([long("a"), "c", long("d")]);
  expect(middle).toMatch(/^b{600} … \(19400 characters left out\)$/);
});

test("one long request is never cut", () => {
  expect(compactRequests([long("a") + long("b")])).toEqual([long("a") + long("b")]);
});

test("a pair of surrogates at the cut is not halved", () => {
  const [, middle] = compactRequests([long("a"), `${"b".repeat(599)}😀${long("b")}`, "c"]);
  expect(middle?.isWellFormed()).toBe(true);
});
