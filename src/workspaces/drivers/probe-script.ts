import { z } from "zod";

/** Runs inside a sandbox (plain JavaScript, one line of JSON on stdout) and tells what really holds there. */
export const PROBE_SCRIPT = `
const { spawnSync } = require("node:child_process");
const fs = require("node:fs"), net = require("node:net"), os = require("node:os");
const status = fs.readFileSync("/proc/self/status", "utf8");
const field = (name) => (new RegExp("^" + name + ":\\\\s*(\\\\S+)", "m").exec(status) || [])[1];
const writable = (at) => { try { fs.writeFileSync(at + "/.probe", ""); fs.rmSync(at + "/.probe"); return true } catch { return false } };
const interfaces = fs.readFileSync("/proc/net/dev", "utf8").split("\\n").slice(2).map((line) => line.split(":")[0].trim()).filter(Boolean);
const processes = fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name)).length;
const separation = () => {
  const [own, others] = ["/workspace/.probe-own", "/workspace/.probe-others"];
  try {
    for (const at of [own, others]) fs.mkdirSync(at);
    fs.writeFileSync(others + "/secret", "");
    return JSON.parse(spawnSync("/opt/carrel/keeper", ["--probe", own, others], { timeout: 5000 }).stdout.toString());
  } catch { return null } finally { for (const at of [own, others]) fs.rmSync(at, { recursive: true, force: true }) }
};
const answer = {
  uid: process.getuid(), capabilities: ["CapPrm", "CapEff", "CapBnd", "CapInh", "CapAmb"].map(field).join(" "), noNewPrivileges: field("NoNewPrivs") === "1",
  seccomp: field("Seccomp"), interfaces, processes,
  writable: ["/", "/usr", "/etc", "/opt/carrel", "/dev", "/tmp", "/run", "/workspace"].filter(writable), loopback: false, separation: separation(),
};
const say = () => { console.log(JSON.stringify(answer)); process.exit(0) };
const server = net.createServer().on("error", say).listen(0, "127.0.0.1", () => {
  net.connect(server.address().port, "127.0.0.1").on("error", say).on("connect", () => { answer.loopback = true; say() });
});
`;

export const ProbeAnswer = z.object({
  uid: z.number(),
  capabilities: z.string(),
  noNewPrivileges: z.boolean(),
  seccomp: z.string().optional(),
  interfaces: z.array(z.string()),
  processes: z.number(),
  writable: z.array(z.string()),
  loopback: z.boolean(),
  /** what the keeper of an agent found when it tried to reach another one; null: it does not run here */
  separation: z
    .object({
      version: z.number(),
      works: z.boolean(),
      files: z.boolean(),
      processes: z.boolean(),
      signals: z.boolean(),
      filter: z.boolean(),
    })
    .nullable(),
});
export type ProbeAnswer = z.infer<typeof ProbeAnswer>;

/** What must hold, whatever else: a sandbox with one of these open is none. */
export function openDoor(seen: ProbeAnswer): string | null {
  if (seen.interfaces.some((name) => name !== "lo")) return "it still has the host's network";
  if (seen.uid === 0) return "it still runs as root";
  if (!seen.noNewPrivileges) return "it could gain privileges";
  if (/[1-9a-f]/.test(seen.capabilities)) return "it still has capabilities";
  if (seen.processes > 16) return "it still sees the host's processes";
  const open = seen.writable.filter((at) => !["/tmp", "/run", "/workspace"].includes(at));
  if (open.length > 0) return `it can write to ${open.join(", ")}`;
  return seen.writable.includes("/workspace") ? null : "it cannot write to its own workspace";
}
