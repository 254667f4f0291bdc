import { mkdirSync } from "node:fs";
import path from "node:path";
import { keepOpen, provideDirectory } from "./keep-open.ts";
import { networkEnvironment } from "./network-environment.ts";
import { enterDirectory } from "./open-inside.ts";
import { Refusal } from "./refusal.ts";
import { agentDirectory, type Places, SETTINGS, temporaryDirectory } from "./settings.ts";

export interface ProcessSpec {
  agent: string;
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  stdin: Buffer;
  timeoutMs: number;
  outputLimit: number;
  /** put into a file outside the agent's directory; `{script}` in argv becomes its path */
  script: string | null;
}

const isText = (value: unknown): value is string => typeof value === "string" && !value.includes("\0");

function readEnvironment(value: unknown): Record<string, string> {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>);
  if (entries.some(([, text]) => !isText(text)))
    throw new Refusal(400, "env holds something that is not text");
  return Object.fromEntries(entries) as Record<string, string>;
}

export function readAgentId(value: unknown): string {
  if (typeof value !== "string" || !/^[0-9A-Za-z-]{1,64}$/.test(value))
    throw new Refusal(400, "agent is not an id");
  return value;
}

/** Reads a request's body. Makes the agent's directories when they are not there yet. @throws Refusal 400 */
export function readProcessSpec(places: Places, body: Record<string, unknown>): ProcessSpec {
  const agent = readAgentId(body.agent);
  const { argv, cwd = "", timeoutMs, outputLimit = SETTINGS.outputLimit, stdin = "", script = null } = body;
  if (!Array.isArray(argv) || argv.length === 0 || !argv.every(isText))
    throw new Refusal(400, "argv is not a list of text");
  if (typeof timeoutMs !== "number" || !(timeoutMs > 0)) throw new Refusal(400, "timeoutMs is not a number");
  if (typeof outputLimit !== "number" || !(outputLimit >= 0))
    throw new Refusal(400, "outputLimit is not a number");
  if (!isText(cwd) || typeof stdin !== "string") throw new Refusal(400, "cwd or stdin is not text");
  if (script !== null && typeof script !== "string") throw new Refusal(400, "script is not text");

  const root = agentDirectory(places, agent);
  mkdirSync(root, { recursive: true });
  keepOpen(root);
  provideDirectory(places.workspace, ".tmp", agent);
  const parts = cwd.split("/").filter((part) => part !== "" && part !== ".");
  enterDirectory(root, parts);
  return {
    agent,
    argv,
    cwd: path.join(root, ...parts),
    env: readEnvironment(body.env),
    stdin: Buffer.from(stdin, "base64"),
    timeoutMs,
    outputLimit,
    script,
  };
}

/** What a process finds around it: nothing of the supervisor's own environment. */
export function childEnvironment(places: Places, spec: ProcessSpec, marker: string): Record<string, string> {
  const home = agentDirectory(places, spec.agent);
  return {
    // Last of all what pip installed.
    PATH: `/opt/carrel/bin:/usr/local/bin:/usr/bin:/bin:${home}/.local/bin`,
    HOME: home,
    USER: "carrel",
    LOGNAME: "carrel",
    SHELL: "/bin/bash",
    LANG: "C.UTF-8",
    TMPDIR: temporaryDirectory(places, spec.agent),
    PYTHONDONTWRITEBYTECODE: "1",
    ...networkEnvironment(spec.agent),
    ...spec.env,
    CARREL_PROCESS: marker,
  };
}
