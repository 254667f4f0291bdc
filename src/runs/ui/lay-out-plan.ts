import type { PlanEntry } from "#events/vocabulary.ts";

export interface PlanNode {
  path: string;
  status: PlanEntry["status"];
  /** paths of planned files that it uses */
  needs: string[];
  /** from the left and from the top, from 0 */
  column: number;
  row: number;
}

/**
 * The files that a plan writes, in columns: each stands right of all that it uses. Within a column the plan's order is kept. Files that
 * need each other in a circle, which no plan that is carried out has, stand in the last column.
 */
export function layOutPlan(entries: readonly PlanEntry[]): PlanNode[] {
  // A move and a deletion are entries of their own, and one of a file that is written as well has its path.
  const files = entries.filter(({ path, dependsOn }) => path !== undefined && dependsOn !== undefined);
  const planned = new Set(files.map(({ path }) => path));
  const columns = new Map<string, number>();
  const rows: number[] = [];
  let waiting = files.map((entry) => ({
    path: entry.path as string,
    status: entry.status,
    needs: (entry.dependsOn ?? []).filter((path) => planned.has(path) && path !== entry.path),
  }));
  const nodes: PlanNode[] = [];
  for (let column = 0; waiting.length > 0; column += 1) {
    const ready = waiting.filter(({ needs }) => needs.every((path) => columns.has(path)));
    const placed = ready.length > 0 ? ready : waiting;
    waiting = waiting.filter((file) => !placed.includes(file));
    for (const file of placed) {
      const row = rows[column] ?? 0;
      rows[column] = row + 1;
      columns.set(file.path, column);
      nodes.push({ ...file, column, row });
    }
  }
  return nodes;
}
