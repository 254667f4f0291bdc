import { expect, test } from "vitest";
import { inWords } from "#workspaces/drivers/local/probe-host.ts";
import { openDoor } from "#workspaces/drivers/probe-script.ts";

const TIGHT = {
  uid: 200_001,
  capabilities: "0000000000000000 0000000000000000 0000000000000000",
  noNewPrivileges: true,
  seccomp: "0",
  interfaces: ["lo"],
  processes: 2,
  writable: ["/tmp", "/run", "/workspace"],
  loopback: true,
  separation: { version: 7, works: true, files: true, processes: true, signals: true, filter: true },
};

test("a sandbox that holds has no open door", () => {
  expect(openDoor(TIGHT)).toBeNull();
});

test.each([
  [{ interfaces: ["lo", "eth0"] }, "network"],
  [{ uid: 0 }, "root"],
  [{ noNewPrivileges: false }, "privileges"],
  [{ capabilities: "0000000000000000 0000000000000020" }, "capabilities"],
  [{ processes: 300 }, "processes"],
  [{ writable: ["/usr", "/workspace"] }, "/usr"],
  [{ writable: ["/tmp"] }, "workspace"],
])("one open door is enough to refuse: %o", (seen, word) => {
  expect(openDoor({ ...TIGHT, ...seen })).toContain(word);
});

test("what is not enforced is said in words", () => {
  const all = { memory: "/m", pids: "/p", cpu: "/c" };
  expect(inWords("bubblewrap", true, TIGHT, all).enforced).toContain("memory of the whole workspace");
  const poor = inWords("util-linux", false, { ...TIGHT, loopback: false }, {});
  expect(poor.notEnforced.join("\n")).toMatch(/memory.*number of processes.*processors.*disk.*iproute2/s);
});

test.each([
  ["no helper that keeps agents apart", null, ["separation of agents: a C compiler", "share of each agent"]],
  [
    "a kernel without Landlock",
    { version: 0, files: false, processes: false, signals: false },
    ["separation of agents", "signals"],
  ],
  [
    "a kernel that cannot refuse signals",
    { version: 4, signals: false },
    ["signals between agents: Linux 6.12"],
  ],
])("with %s it is said", (_, change, words) => {
  const separation = change === null ? null : { ...TIGHT.separation, ...change };
  const { notEnforced } = inWords("bubblewrap", true, { ...TIGHT, separation }, {});
  for (const each of words) expect(notEnforced.some((said) => said.startsWith(each))).toBe(true);
  expect(inWords("bubblewrap", true, TIGHT, {}).notEnforced.join()).not.toMatch(/agent/);
});
