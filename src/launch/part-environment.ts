import type { PartName } from "#launch/part.ts";
import { GatewayEnv, RunnerEnv, readEnv, type StartEnv, WebEnv } from "#platform/env.ts";

const SCHEMAS = { gateway: GatewayEnv, runner: RunnerEnv, web: WebEnv };

/** What any program may need of its surroundings: paths, language, time zone, certificates, proxies. No secrets. */
const SURROUNDINGS = [
  "PATH",
  "HOME",
  "USER",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "XDG_RUNTIME_DIR",
  "NODE_EXTRA_CA_CERTS",
  "NPM_CONFIG_REGISTRY",
  "npm_config_registry",
  "npm_config_userconfig",
  "PIP_CONFIG_FILE",
  "PIP_INDEX_URL",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "https_proxy",
  "http_proxy",
  "no_proxy",
];

export type PartEnvironments = Record<PartName, Record<string, string>>;

/**
 * The environment of each part: its own variables and nothing else, so that only the gateway ever sees a provider's
 * key. `fixed` is what start decides; whatever the caller set himself wins over start's defaults, but not over `fixed`.
 *
 * @throws AppError bad_request with one line per wrong variable
 */
export function partEnvironments(
  given: Record<string, string | undefined>,
  start: StartEnv,
  fixed: Record<string, string>,
): PartEnvironments {
  const defaults = {
    NEXTAUTH_URL: `http://localhost:${start.PORT}`,
    CONTENT_ORIGIN: `http://127.0.0.1:${start.PORT}`,
    GATEWAY_URL: `http://127.0.0.1:${start.GATEWAY_PORT}`,
    // Nobody else is there to take the workspaces over when all of this ends.
    CARREL_STOP_WORKSPACES: "true",
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const all: Record<string, string | undefined> = { ...defaults, ...given, ...fixed };
  const pick = (part: PartName): Record<string, string> => {
    const own = [...Object.keys(SCHEMAS[part].shape), ...SURROUNDINGS, "NODE_ENV"];
    if (part === "web") own.push("NEXT_TELEMETRY_DISABLED", "CARREL_WEB_BUILD");
    const env = Object.fromEntries(own.flatMap((name) => (all[name] ? [[name, all[name]]] : [])));
    readEnv(SCHEMAS[part], env);
    return env;
  };
  return { gateway: pick("gateway"), runner: pick("runner"), web: pick("web") };
}
