import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Logger } from "#platform/log.ts";

export interface Registries {
  npm: URL;
  /** the simple index (PEP 503) */
  pypi: URL;
}

/** The public ones, as npm and pip themselves have them for who sets none. */
export const DEFAULT_REGISTRIES: Registries = {
  npm: new URL("https://registry.npmjs.org/"),
  pypi: new URL("https://pypi.org/simple/"),
};

const TIMEOUT_MS = 20_000;
// What these two need to find their own configuration; nothing else of the runner's environment is theirs.
const PASSED = /^(PATH|HOME|LANG|npm_config_.*|NPM_CONFIG_.*|PIP_.*|XDG_CONFIG_.*)$/;

/** The package registries that npm and pip of this machine are set to; the public ones where they say nothing. */
export async function readRegistries(
  environment: Record<string, string | undefined>,
  log: Logger,
): Promise<Registries> {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => PASSED.test(name)));
  const ask = async (program: string, argv: string[]): Promise<string> => {
    const asked = promisify(execFile)(program, argv, {
      env: env as NodeJS.ProcessEnv,
      timeout: TIMEOUT_MS,
      cwd: "/",
    });
    // Not installed here, or nothing is set: then the public registry is meant.
    return (await asked.catch(() => ({ stdout: "" }))).stdout.trim();
  };
  const [npm, pip] = await Promise.all([
    ask("npm", ["config", "get", "registry"]),
    environment.PIP_INDEX_URL ?? ask("pip3", ["config", "get", "global.index-url"]),
  ]);
  const registries = {
    npm: toRegistry(npm) ?? DEFAULT_REGISTRIES.npm,
    pypi: toRegistry(pip) ?? DEFAULT_REGISTRIES.pypi,
  };
  log.info({ npm: registries.npm.host, pypi: registries.pypi.host }, "package registries");
  return registries;
}

/** Without the credentials that may stand in it: they are the operator's, not for every workspace. */
function toRegistry(text: string): URL | null {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text.endsWith("/") ? text : `${text}/`);
  url.username = "";
  url.password = "";
  return url;
}
