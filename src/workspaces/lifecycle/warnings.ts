import type { Figures, Warning } from "#workspaces/workspace-info.ts";

/** Shares of a limit: a warning is raised at the first and taken back below the second, so that it does not flicker. */
const MEMORY = { at: 0.8, below: 0.75 };
const DISK = { at: 0.8, below: 0.78 };
const PROCESSES = { at: 0.9, below: 0.85 };

const HOUR_MS = 3_600_000;
/** A disk that is full later than this is no news. */
const FORECAST_MS = 24 * HOUR_MS;
/** A forecast needs so many looks over so long, and growth that is more than a file being written. */
const LOOKS_LEAST = 4;
const SPAN_LEAST_MS = 60_000;
const GROWTH_LEAST = 4 * 1024 * 1024;
const KILL_SHOWN_MS = HOUR_MS;

export interface DiskLook {
  /** milliseconds since the epoch */
  at: number;
  bytes: number;
}

/** What is wrong with a workspace now, worst first. `before`: what was wrong when it was last asked. */
export function judge(
  figures: Figures,
  looks: readonly DiskLook[],
  kills: readonly Extract<Warning, { kind: "out_of_memory" }>[],
  before: readonly Warning[],
): Warning[] {
  const high = (
    kind: "memory_high" | "disk_high" | "processes_high",
    share: number | null,
    when: typeof MEMORY,
  ) => {
    const raised = before.some((warning) => warning.kind === kind);
    return share !== null && share >= (raised ? when.below : when.at) ? [{ kind, share: round(share) }] : [];
  };
  const now = Date.parse(figures.at);
  const full = forecast(looks, figures.diskLimitBytes);
  return [
    ...kills.filter(({ at }) => now - Date.parse(at) < KILL_SHOWN_MS),
    ...high("disk_high", share(figures.diskBytes, figures.diskLimitBytes), DISK),
    ...(full === null ? [] : [{ kind: "disk_full_soon" as const, fullAt: new Date(full).toISOString() }]),
    ...high("memory_high", share(figures.memoryBytes, figures.memoryLimitBytes), MEMORY),
    ...high("processes_high", share(figures.processes, figures.processesLimit), PROCESSES),
  ];
}

/** When the disk is full if it goes on growing as it does (least squares); null: not within a day, or nobody can say. */
export function forecast(looks: readonly DiskLook[], limit: number | null): number | null {
  const [first, last] = [looks[0], looks.at(-1)];
  if (limit === null || !first || !last || looks.length < LOOKS_LEAST) return null;
  if (last.at - first.at < SPAN_LEAST_MS || last.bytes - first.bytes < GROWTH_LEAST) return null;
  const mean = (of: (look: DiskLook) => number) =>
    looks.reduce((sum, look) => sum + of(look), 0) / looks.length;
  const [time, bytes] = [mean(({ at }) => at - first.at), mean((look) => look.bytes)];
  const covariance = mean((look) => (look.at - first.at - time) * (look.bytes - bytes));
  const variance = mean((look) => (look.at - first.at - time) ** 2);
  const bytesPerMs = covariance / variance;
  if (bytesPerMs <= 0) return null;
  const left = Math.max(0, limit - last.bytes) / bytesPerMs;
  return left < FORECAST_MS ? last.at + left : null;
}

/** Those that a person has not been told of. */
export function news(now: readonly Warning[], before: readonly Warning[]): Warning[] {
  const seen = new Set(before.map(identify));
  return now.filter((warning) => !seen.has(identify(warning)));
}

// A disk at 95 % is told of again; each kill is news of its own.
function identify(warning: Warning): string {
  if (warning.kind === "out_of_memory") return `${warning.kind} ${warning.at}`;
  return warning.kind === "disk_high" && warning.share >= 0.95 ? `${warning.kind} 95` : warning.kind;
}

function share(used: number | null, limit: number | null): number | null {
  return used === null || !limit ? null : used / limit;
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}
