import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freePorts } from "./free-ports.ts";
import { type Finished, runNode } from "./run-node.ts";

const CHECKOUT = path.resolve(import.meta.dirname, "../..");
const OPEN = /^Open (http\S+)$/;

export interface Product {
  /** its environment, for a second start or for the operator's command line */
  env: Record<string, string>;
  child: ChildProcess;
  url: string;
  signInUrl: string;
  /** what the terminal shows, so far */
  lines: string[];
  carrel(...args: string[]): Promise<Finished>;
  /** Ctrl-C, and waits for the end */
  stop(): Promise<number | null>;
}

/** Ports and data directory of an installation of its own. */
export async function productEnvironment(home: string): Promise<Record<string, string>> {
  const [web, gateway, runner] = await freePorts(3);
  return {
    CARREL_HOME: home,
    WORKSPACE_DRIVER: "local",
    PORT: String(web),
    GATEWAY_PORT: String(gateway),
    RUNNER_PORT: String(runner),
    CARREL_DEMO_DELAY_MS: "0",
    CARREL_RATE_API: "0",
    CARREL_RATE_MODELS: "0",
    CARREL_RATE_SIGNIN: "0",
  };
}

/** `npm start` as it is, without npm: resolves when it prints its link. */
export async function startProduct(env: Record<string, string>): Promise<Product> {
  const child = spawn(process.execPath, ["src/start.ts"], {
    cwd: CHECKOUT,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "test", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const opened = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        lines.push(line);
        const [, link] = OPEN.exec(line) ?? [];
        if (link !== undefined) resolve(link);
      });
    }
  });
  const ended = once(child, "close").then(([code]) => {
    throw new Error(`start ended with exit code ${code}:\n${lines.join("\n")}`);
  });
  const signInUrl = await Promise.race([opened, ended]);
  ended.catch(() => {
    // It has served; that it ends later is for `stop` to tell.
  });
  return {
    env,
    child,
    url: new URL(signInUrl).origin,
    signInUrl,
    lines,
    carrel: (...args) => runNode(["src/carrel.ts", ...args], env, CHECKOUT),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGINT");
        await once(child, "exit");
        await sleep(0);
      }
      return child.exitCode;
    },
  };
}
