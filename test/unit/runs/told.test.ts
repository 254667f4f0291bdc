import { expect, test } from "vitest";
import type { EventBody } from "#events/vocabulary.ts";
import { Told } from "#runs/execution/told.ts";

type Stream = "stdout" | "stderr";

const output = (text: string, stream: Stream = "stdout"): Extract<EventBody, { type: "output" }> => ({
  type: "output",
  stream,
  text,
});

/** What is said of a process that is begun anew and says `again`, after `first` of it was told. */
function toldOn(first: string[], again: string[]): string {
  const told = new Told();
  for (const text of first) told.add(output(text));
  const heard = new Map();
  return again.map((text) => told.untold(heard, output(text))).join("");
}

test("output that is said again in other pieces goes on where it was told", () => {
  expect(toldOn(["one\ntw"], ["o", "ne\n", "two\nthree\n"])).toBe("o\nthree\n");
  expect(toldOn(["one\n", "two\n"], ["one\ntwo\nthree\n"])).toBe("three\n");
  expect(toldOn(["one\ntwo\n"], ["one\n", "two\n", "three\n"])).toBe("three\n");
  expect(toldOn(["one"], ["one", "\ntwo"])).toBe("\ntwo");
  expect(toldOn([], ["one\n", "two"])).toBe("one\ntwo");
});

test("lines that are longer or shorter this time are the same lines", () => {
  expect(toldOn(["took 12.345\nnext"], ["took 9.1\nnext\nlast"])).toBe("\nlast");
  expect(toldOn(["took 12.345"], ["took 9.1\n", "next\n"])).toBe("\nnext\n");
});

test("each stream is told for itself", () => {
  const told = new Told();
  told.add(output("out\n", "stdout"));
  told.add(output("err", "stderr"));
  const heard = new Map();
  expect(told.untold(heard, output("error\n", "stderr"))).toBe("or\n");
  expect(told.untold(heard, output("out\nmore\n", "stdout"))).toBe("more\n");
});

test("events are counted with their outputs, and acts without", () => {
  const told = new Told();
  expect([told.count, told.acts]).toEqual([1, 1]);
  told.add(output("x"));
  told.add({ type: "tool_call" });
  told.add(output("y"));
  expect([told.count, told.acts]).toEqual([4, 2]);
  // Behind the act the output counts anew.
  expect(told.untold(new Map(), output("yz"))).toBe("z");
});
