import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Logger } from "#platform/log.ts";

export interface Registries {
  /** null: there is none that this machine names */
  npm: URL | null;
  /** the simple index (PEP 503); null: there is none that this machine names */
  pypi: URL | null;
}

export const NO_REGISTRIES: Registries = { npm: null, pypi: null };

type Environment = Record<string, string | undefined>;

const TIMEOUT_MS = 20_000;
// What these two need to find their own configuration; nothing else of the runner's environment is theirs.
const PASSED = /^(PATH|HOME|LANG|npm_config_.*|NPM_CONFIG_.*|PIP_.*|XDG_CONFIG_.*)$/;
// pip's help ends the option with the index that it would ask: its own, or what its configuration says.
const PIP_HELP = ["install", "--help"];
const INDEX_IN_HELP = /--index-url <url>[^(]*\(default ([^\s)]+)\)/;

/**
 * The package registries that this machine is set to, with the defaults that npm and pip have themselves: none is
 * written here. The variables that both tools know come first, and spare a machine without the tools.
 */
export async function readRegistries(environment: Environment, log: Logger): Promise<Registries> {
  const named = {
    npm: environment.NPM_CONFIG_REGISTRY || environment.npm_config_registry,
    pypi: environment.PIP_INDEX_URL,
  };
  const [npm, pypi] = await Promise.all([
    named.npm || askNpm(environment),
    named.pypi || askPip(environment),
  ]);
  const registries = { npm: toRegistry(npm), pypi: toRegistry(pypi) };
  log.info({ npm: registries.npm?.host, pypi: registries.pypi?.host }, "package registries");
  return registries;
}

/** What an operator is to know of registries that are not there, a line each. */
export function sayMissing({ npm, pypi }: Registries): string[] {
  const missing: string[] = [];
  if (!npm)
    missing.push("no npm here names a registry, so workspaces get no npm packages: set NPM_CONFIG_REGISTRY");
  if (!pypi)
    missing.push("no pip here names an index, so workspaces get no Python packages: set PIP_INDEX_URL");
  return missing;
}

const askNpm = (environment: Environment) => ask(environment, "npm", ["config", "get", "registry"]);

async function askPip(environment: Environment): Promise<string> {
  for (const [program, ...before] of [["pip3"], ["python3", "-m", "pip"]] as const) {
    const help = (await ask(environment, program, [...before, ...PIP_HELP])).replaceAll(/\s+/g, " ");
    const found = INDEX_IN_HELP.exec(help)?.[1];
    if (found) return found;
  }
  return "";
}

async function ask(environment: Environment, program: string, argv: string[]): Promise<string> {
  const passed = Object.entries(environment).filter(([name]) => PASSED.test(name));
  const asked = promisify(execFile)(program, argv, {
    // Wide: pip breaks long addresses at the terminal's edge.
    env: Object.fromEntries([...passed, ["COLUMNS", "2000"]]) as NodeJS.ProcessEnv,
    timeout: TIMEOUT_MS,
    cwd: "/",
  });
  // Not installed here: then it names nothing.
  return (await asked.catch(() => ({ stdout: "" }))).stdout.trim();
}

/** Without the credentials that may stand in it: they are the operator's, not for every workspace. */
function toRegistry(text: string): URL | null {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text.endsWith("/") ? text : `${text}/`);
  url.username = "";
  url.password = "";
  return url;
}
