import { expect, onTestFinished, test } from "vitest";
import type { WorkspaceDriver } from "#workspaces/driver.ts";
import { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { Admission } from "#workspaces/lifecycle/admission.ts";

const SPEC = { userId: "u", slot: 0, memoryBytes: 1, cpus: 1, processes: 1, openFiles: 1, diskBytes: 1 };

function places(): Admission {
  const made = new Admission({
    max: 1,
    waitMs: 1_000,
    short: () => null,
    makeRoom: () => Promise.resolve(false),
    called: () => {},
    shown: () => {},
  });
  onTestFinished(() => made.close());
  return made;
}

test("a workspace that was stopped gives back its place though that could not be written down", async () => {
  const admission = places();
  await admission.enter("u");
  const held = new HeldWorkspace({
    driver: { name: "local", stop: () => Promise.resolve() } as unknown as WorkspaceDriver,
    spec: SPEC,
    commandMs: 1_000,
    fence: 1,
    until: Number.POSITIVE_INFINITY,
    keeper: {
      enter: () => admission.enter("u"),
      leave: () => admission.leave("u"),
      turned: () => Promise.reject(new Error("no database")),
      failed: () => Promise.resolve(),
      outOfMemory: () => {},
    },
  });
  await expect(held.down()).rejects.toThrow("no database");
  expect(admission.taken).toBe(0);
});

test("a place that is taken by what runs no more is vacated, one that is kept for a run is not", async () => {
  const admission = places();
  await admission.enter("u");
  admission.vacate("u");
  expect(admission.taken).toBe(0);
  expect(admission.reserve("u")).toBe("taken");
  admission.vacate("u");
  expect(admission.taken).toBe(1);
});
