import { z } from "zod";

/** What came of a server: that it answered, or why not. */
export const Asked = z.object({
  /** milliseconds from its start to its answer */
  answeredMs: z.number().nullable(),
  /** null: it answered, but not as HTTP is spoken */
  status: z.number().nullable(),
  /** "taken": something else listened there before; "ended": it ended first; "silent": no answer in time */
  trouble: z.enum(["taken", "ended", "silent"]).nullable(),
});
export type Asked = z.infer<typeof Asked>;

/**
 * Runs in the workspace, with Node: starts the server in a process group of its own, asks it until it answers, and ends
 * the group. What the server prints passes through; the outcome goes to the report.
 */
const SCRIPT = `
const { spawn } = require("node:child_process");
const { writeFileSync } = require("node:fs");
const http = require("node:http");
const [report, port, path, limit, ...argv] = process.argv.slice(1);
const ask = (of) => new Promise((resolve) => {
  const request = http.get({ host: "localhost", port, path: of, timeout: 5000, agent: false }, (response) => {
    response.resume();
    response.once("close", () => resolve({ status: response.statusCode }));
  });
  request.once("timeout", () => request.destroy(new Error("silent")));
  request.once("error", ({ code }) => resolve(String(code).startsWith("HPE_") ? { status: null } : null));
});
const pause = () => new Promise((resolve) => setTimeout(resolve, 50));
const tell = (outcome) => writeFileSync(report, JSON.stringify({ answeredMs: null, status: null, trouble: null, ...outcome }));
const main = async () => {
  if (await ask("/")) return tell({ trouble: "taken" });
  const began = performance.now();
  const child = spawn(argv[0], argv.slice(1), { stdio: ["ignore", "inherit", "inherit"], detached: true, env: { ...process.env, PORT: port } });
  let ended = false;
  const end = new Promise((resolve) => { for (const of of ["exit", "error"]) child.once(of, () => { ended = true; resolve(); }); });
  const kill = (signal) => { try { process.kill(-child.pid, signal); } catch { /* It never began, or is gone already. */ } };
  let answer = null;
  while (!answer && !ended && performance.now() - began < Number(limit)) answer = (await ask(path)) ?? (await pause()) ?? null;
  if (answer) tell({ answeredMs: Math.round(performance.now() - began), status: answer.status });
  else tell({ trouble: ended ? "ended" : "silent" });
  kill("SIGTERM");
  await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 2000))]);
  kill("SIGKILL");
};
main();
`;

export function serverCommand(
  argv: string[],
  asked: { port: number; path: string; report: string; limitMs: number },
): string[] {
  return ["node", "-e", SCRIPT, asked.report, String(asked.port), asked.path, String(asked.limitMs), ...argv];
}
