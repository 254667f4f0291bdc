import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs node (ours, of node_modules) in the checkout, or in `cwd`, with nothing in its environment but what is given. */
export async function runNode(
  args: string[],
  env: Record<string, string> = {},
  cwd?: string,
): Promise<Finished> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "test", NO_COLOR: "1", ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
