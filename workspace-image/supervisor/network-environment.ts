import { fileURLToPath } from "node:url";
import { PORTS } from "./settings.ts";

const NPMRC = fileURLToPath(new URL("./npmrc", import.meta.url));
const HERE = "localhost,127.0.0.1,::1";

/** How programs find the way out: by the variables that curl, git, pip, npm and Node know. */
export function networkEnvironment(agent: string): Record<string, string> {
  const proxy = `http://${agent}:-@127.0.0.1:${PORTS.proxy}`;
  return {
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    NO_PROXY: HERE,
    http_proxy: proxy,
    https_proxy: proxy,
    no_proxy: HERE,
    // Node's own fetch and http look at them only when told to.
    NODE_USE_ENV_PROXY: "1",
    // It says of that, in every program, that it is an experiment.
    NODE_OPTIONS: "--disable-warning=UNDICI-EHPA",
    // Otherwise git leaves out who asks until it is asked back.
    GIT_HTTP_PROXY_AUTHMETHOD: "basic",
    // The lowest of npm's configurations, so that a project's own .npmrc wins.
    npm_config_globalconfig: NPMRC,
    npm_config_update_notifier: "false",
    PIP_INDEX_URL: `http://127.0.0.1:${PORTS.pypi}/simple/`,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    // The system's own packages are read-only in here; pip puts what it installs into the agent's home.
    PIP_BREAK_SYSTEM_PACKAGES: "1",
    CARREL_MODELS_URL: `http://127.0.0.1:${PORTS.models}`,
  };
}
