import { describe, expect, test } from "vitest";
import { type DiskLook, forecast, judge, news } from "#workspaces/lifecycle/warnings.ts";
import type { Figures, Warning } from "#workspaces/workspace-info.ts";

const MiB = 1024 * 1024;
const NOW = Date.parse("2026-11-30T12:00:00Z");

const calm: Figures = {
  at: new Date(NOW).toISOString(),
  memoryBytes: 100 * MiB,
  memoryLimitBytes: 1000 * MiB,
  cpuSeconds: 1,
  cpuShare: 0.1,
  processes: 5,
  processesLimit: 100,
  diskBytes: 100 * MiB,
  diskLimitBytes: 1000 * MiB,
};
const kinds = (warnings: Warning[]) => warnings.map(({ kind }) => kind);

/** A disk that grows by `mibAMinute`, looked at each ten seconds, last at NOW with 500 MiB. */
function growing(mibAMinute: number, looks = 30): DiskLook[] {
  return Array.from({ length: looks }, (_, index) => {
    const minutes = (looks - 1 - index) / 6;
    return { at: NOW - minutes * 60_000, bytes: (500 - mibAMinute * minutes) * MiB };
  });
}

describe("warnings", () => {
  test("where all is calm there is none, and none for what nobody measures", () => {
    expect(judge(calm, [], [], [])).toEqual([]);
    const blind = { ...calm, memoryBytes: null, diskLimitBytes: null, processesLimit: null };
    expect(judge(blind, [], [], [])).toEqual([]);
  });

  test("memory is warned of from 80 % on, and taken back only below 75 %", () => {
    const at = (percent: number, before: Warning[] = []) =>
      judge({ ...calm, memoryBytes: percent * 10 * MiB }, [], [], before);
    expect(at(79)).toEqual([]);
    expect(at(80)).toEqual([{ kind: "memory_high", share: 0.8 }]);
    expect(kinds(at(76, at(80)))).toEqual(["memory_high"]);
    expect(at(74, at(80))).toEqual([]);
  });

  test("processes and disk are warned of near their limits", () => {
    const full = judge({ ...calm, processes: 95, diskBytes: 960 * MiB }, [], [], []);
    expect(full).toEqual([
      { kind: "disk_high", share: 0.96 },
      { kind: "processes_high", share: 0.95 },
    ]);
  });

  test("a kill for want of memory is shown for an hour", () => {
    const kill = (minutesAgo: number) => ({
      kind: "out_of_memory" as const,
      at: new Date(NOW - minutesAgo * 60_000).toISOString(),
      agentId: "a",
      command: "python3 train.py",
    });
    expect(judge(calm, [], [kill(59), kill(61)], [])).toEqual([kill(59)]);
  });

  test("what was told is not told again, a disk at 95 % is", () => {
    const memory: Warning = { kind: "memory_high", share: 0.85 };
    const disk = (share: number): Warning => ({ kind: "disk_high", share });
    expect(news([memory, disk(0.9)], [disk(0.82)])).toEqual([memory]);
    expect(news([disk(0.96)], [disk(0.9)])).toEqual([disk(0.96)]);
  });
});

describe("the forecast of a full disk", () => {
  const hours = (looks: DiskLook[], limit = 1000 * MiB) => {
    const full = forecast(looks, limit);
    return full === null ? null : (full - NOW) / 3_600_000;
  };

  test("goes on as the disk grows: 500 MiB left at 2.8 MiB a minute are about 3 hours", () => {
    expect(hours(growing(2.8))).toBeCloseTo(2.98, 1);
  });

  test("is not shaken by one file that comes and goes", () => {
    const looks = growing(2.8).map((look, index) =>
      index === 12 ? { ...look, bytes: look.bytes + 20 * MiB } : look,
    );
    expect(hours(looks)).toBeGreaterThan(2);
    expect(hours(looks)).toBeLessThan(5);
  });

  test("is not made from too few looks, too short a time, a disk that shrinks, or for later than a day", () => {
    expect(hours(growing(2.8, 3))).toBeNull();
    expect(hours(growing(30, 5))).toBeNull();
    expect(hours(growing(-3))).toBeNull();
    expect(hours(growing(0.2))).toBeNull();
    expect(hours(growing(2.8), Number.NaN)).toBeNull();
    expect(forecast(growing(2.8), null)).toBeNull();
  });
});
