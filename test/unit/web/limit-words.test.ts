import { createTranslator } from "next-intl";
import { expect, test } from "vitest";
import en from "#app/_locale/en.json" with { type: "json" };
import { readLimit } from "#app/(desk)/workspace/limit-words.ts";
import { inWords as dockerInWords } from "#workspaces/drivers/docker/probe-engine.ts";
import { inWords as localInWords } from "#workspaces/drivers/local/probe-host.ts";

const HELD = { version: 7, works: true, files: true, processes: true, signals: true, filter: true };
const LOOSE = { version: 0, works: false, files: false, processes: false, signals: false, filter: false };

const seen = (separation: typeof HELD | null, holds: boolean) => ({
  uid: 200_001,
  capabilities: "",
  noNewPrivileges: true,
  seccomp: holds ? "2" : "0",
  interfaces: ["lo"],
  processes: 2,
  writable: [],
  loopback: holds,
  separation,
});

/** Every sentence that a host can say of its limits. */
function everySentence(): string[] {
  const reports = [HELD, LOOSE, null].flatMap((separation) =>
    [true, false].flatMap((holds) => {
      const groups: Record<string, string> = holds ? { memory: "/m", pids: "/p", cpu: "/c" } : {};
      const engine = { OSType: "linux", ServerVersion: "29", MemoryLimit: holds, SwapLimit: holds };
      const info = { ...engine, PidsLimit: holds, CPUCfsQuota: holds };
      const tried = { seen: seen(separation, holds), socketMount: true, boundedDisks: holds };
      return [
        localInWords("bubblewrap", holds, seen(separation, holds), groups),
        dockerInWords(info, tried, holds ? "runsc" : undefined),
      ];
    }),
  );
  return [...new Set(reports.flatMap(({ enforced, notEnforced }) => [...enforced, ...notEnforced]))];
}

test("every limit that a host can name has its words in the page's languages, and no others are kept", () => {
  const t = createTranslator({ locale: "en", messages: en, namespace: "workspace.limit" });
  const read = everySentence().map((sentence) => ({ sentence, limit: readLimit(sentence) }));
  // In English the page says what the host says.
  for (const { sentence, limit } of read)
    expect(limit && t(limit.name, "values" in limit ? (limit.values as never) : undefined)).toBe(sentence);
  expect(new Set(read.map(({ limit }) => limit?.name))).toEqual(new Set(Object.keys(en.workspace.limit)));
});

test("what a host of another release says is left as it is", () => {
  expect(readLimit("a limit of tomorrow")).toBeNull();
});
