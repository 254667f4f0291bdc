export interface Row {
  what: string;
  /** milliseconds (or what `unit` says), one for each repetition */
  times: number[];
  unit?: string;
  /** the row that this one is compared with, measured in the same run */
  limit?: Row;
  /** what else there is to say of it, in place of the ratio */
  figures?: string;
}

/** Prints median, p95 and, where there is a limit, the ratio of the medians. */
export function printTable(rows: Row[]): void {
  const cells = rows.map(({ what, times, unit, limit, figures }) => [
    what,
    String(times.length),
    figure(quantile(times, 0.5), unit),
    figure(quantile(times, 0.95), unit),
    figures ??
      (limit ? `${(quantile(times, 0.5) / quantile(limit.times, 0.5)).toFixed(2)}x of ${limit.what}` : ""),
  ]);
  const table = [["what", "n", "median", "p95", "ratio"], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = table;
  console.log(line(head));
  console.log(line(widths.map((width) => "-".repeat(width))));
  for (const row of body) console.log(line(row));
}

function figure(value: number, unit = "ms"): string {
  return `${value >= 100 ? Math.round(value) : value.toFixed(value < 1 ? 2 : 1)} ${unit}`;
}

/** The value below which the given share of the times lies. */
function quantile(times: number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Runs `work` and returns how long it took, in milliseconds. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}
