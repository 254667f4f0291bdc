/** What a tier allows. The counters that make the caps exact stand in the database (quotas, budgets). */
export interface Tier {
  readonly agents: number;
  /** runs executing at once */
  readonly runs: number;
  /** what model calls of a calendar month (UTC) may cost; null: no cap */
  readonly monthlyMicroUsd: number | null;
  readonly workspace: {
    readonly memoryBytes: number;
    readonly cpus: number;
    readonly processes: number;
    readonly openFiles: number;
    readonly diskBytes: number;
    /** wall time of one command, milliseconds */
    readonly commandMs: number;
  };
}

const GiB = 1024 ** 3;

// 512 processes: an agent's command line tool and an editor together need more than 100.
const WORKSPACE = {
  memoryBytes: 1 * GiB,
  cpus: 1,
  processes: 512,
  openFiles: 4096,
  diskBytes: 10 * GiB,
  commandMs: 300_000,
} as const;

export const TIERS: Readonly<Record<string, Tier>> = {
  free: { agents: 10, runs: 3, monthlyMicroUsd: 25_000_000, workspace: WORKSPACE },
};

export const DEFAULT_TIER = "free";

/** The tier of that name; an unknown name (a tier that was withdrawn, say) gets the default's limits. */
export function tierOf(name: string): Tier {
  const tier = TIERS[name] ?? TIERS[DEFAULT_TIER];
  if (!tier) throw new Error("the default tier is missing");
  return tier;
}
