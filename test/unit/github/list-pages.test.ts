import { expect, test } from "vitest";
import { listPages } from "#github/list-pages.ts";

/** A list of so many, as GitHub gives it page by page. */
function listOf(total: number) {
  const asked: number[] = [];
  const ask = async ({ per_page, page }: { per_page: number; page: number }) => {
    asked.push(page);
    const from = (page - 1) * per_page;
    const length = Math.max(0, Math.min(per_page, total - from));
    return { data: { total_count: total, things: Array.from({ length }, (_, n) => from + n) } };
  };
  return { ask, asked };
}

test.each([
  [0, 1],
  [99, 1],
  [100, 1],
  [101, 2],
  [1_050, 11],
  [10_000, 100],
])("a list of %i is read whole in %i requests", async (total, requests) => {
  const { ask, asked } = listOf(total);
  const { rows, isWhole } = await listPages(ask, "things");
  expect(rows).toEqual(Array.from({ length: total }, (_, n) => n));
  expect(isWhole).toBe(true);
  expect(asked).toHaveLength(requests);
});

test("of a list that has no end the first ten thousand are read, and it is said that there are more", async () => {
  const { rows, isWhole } = await listPages(listOf(10_001).ask, "things");
  expect(rows).toHaveLength(10_000);
  expect(isWhole).toBe(false);
});
