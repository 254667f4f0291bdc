import { expect, test } from "vitest";
import { showDependency } from "#engines/builder/show-dependency.ts";
import { WHOLE_DEPENDENCY } from "#engines/builder/tunables.ts";

const BODY = Array.from({ length: 200 }, (_, n) => `    step_${n} = inner(${n})  # inside`).join("\n");

test("a short file is shown whole", () => {
  expect(showDependency("a.py", "x = 1\n")).toEqual({ path: "a.py", content: "x = 1\n", part: false });
});

test("of a long Python file its users see what it offers", () => {
  const text = `"""Prices."""
from decimal import Decimal
LIMIT: int = 3

class Book(Base):
    """Keeps prices."""
    @property
    def latest(self) -> Decimal:
${BODY}

async def fetch(
    url: str,
    timeout: float = (1.0),
) -> list[Decimal]:
    '''Fetches.'''
${BODY}
`;
  expect(showDependency("src/prices.py", text)).toEqual({
    path: "src/prices.py",
    part: true,
    content: `from decimal import Decimal
LIMIT: int = 3
class Book(Base):
    """Keeps prices."""
    @property
    def latest(self) -> Decimal:
async def fetch(
    url: str,
    timeout: float = (1.0),
) -> list[Decimal]:
    '''Fetches.'''`,
  });
});

test("of a long TypeScript file its users see what it offers", () => {
  const text = `import { z } from "zod";
/** A price. */
export interface Price {
  at: Date;
  value: number;
}
const hidden = 1;
export class Book extends Base {
  #prices = [];
  async add(price: Price): Promise<void> {
    if (price) {
${BODY}
    }
  }
}
export function average(
  prices: Price[],
): number {
${BODY}
}
`;
  const { content, part } = showDependency("book.ts", text);
  expect(part).toBe(true);
  expect(content).toBe(`import { z } from "zod";
/** A price. */
export interface Price {
  at: Date;
  value: number;
}
export class Book extends Base {
  async add(price: Price): Promise<void> {
}
export function average(
  prices: Price[],
): number {`);
});

test.each([
  ["data.csv", "0,0,0\n".repeat(10_000)],
  ["a.py", "(".repeat(2_000_000)],
  ["a.js", `export const a = ${"(\n".repeat(500_000)}`],
  ["a.ts", `export class A {\n${`  ${"a".repeat(5_000)}\n`.repeat(400)}`],
])("what is no program, or a very odd one, is shown by its beginning (%s)", (path, text) => {
  const { content } = showDependency(path, text);
  expect(content.length).toBeGreaterThan(0);
  expect(content.length).toBeLessThanOrEqual(WHOLE_DEPENDENCY);
});
