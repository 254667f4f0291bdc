import type { Plan } from "#engines/builder/plan.ts";

/** Where the files that exist are after a plan's moves and deletions, before anything is written. */
export interface Arrangement {
  /** by the path where a file stands now: where it stood */
  moved: ReadonlyMap<string, string>;
  /** paths at which nothing stands any more */
  gone: ReadonlySet<string>;
}

export function arrangementOf({
  move = [],
  delete: deleted = [],
}: Pick<Plan, "move" | "delete">): Arrangement {
  const moved = new Map(move.map(({ from, to }) => [to, from]));
  const left = [...move.map(({ from }) => from), ...deleted];
  return { moved, gone: new Set(left.filter((path) => !moved.has(path))) };
}

export function arranges(plan: Plan): boolean {
  return (plan.move?.length ?? 0) + (plan.delete?.length ?? 0) > 0;
}

/** The paths that exist afterwards. */
export function pathsAfter({ moved, gone }: Arrangement, existing: readonly string[]): string[] {
  return [...new Set([...existing.filter((path) => !gone.has(path)), ...moved.keys()])];
}
