import { format } from "node:util";
import { afterEach, beforeEach, expect } from "vitest";

let unexpected: string[] = [];
let allowed = false;
const print = console.error;

/** A test that provokes an error on the console says so first; any other test fails on one. */
export function allowConsoleError(): void {
  allowed = true;
}

beforeEach(() => {
  unexpected = [];
  allowed = false;
  console.error = (...args: unknown[]) => {
    unexpected.push(format(...args));
    print(...args);
  };
});

afterEach(() => {
  console.error = print;
  if (!allowed) expect(unexpected, "console.error was called").toEqual([]);
});
