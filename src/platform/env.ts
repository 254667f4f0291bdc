import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { AppError } from "#platform/errors.ts";

/**
 * Every variable of the environment, by process. Only composition roots call this; features take typed options.
 * A wrong value ends the start with one line per variable: which, what is wrong, what would be right.
 */

const port = z.coerce.number().int().min(1).max(65535);
const count = z.coerce.number().int().min(0);
const url = z.url();
const list = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(/[\s,]+/)
      .map((each) => each.trim())
      .filter((each) => each !== ""),
  );

const Base = z.object({
  CARREL_MODE: z.enum(["embedded", "production"]).default("embedded"),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "should look like postgresql://user:password@host:5432/carrel"),
});

/** The GitHub App, for web and runner. Without them the App that an operator made from the page is used. */
const GitHubVariables = {
  GITHUB_APP_ID: z
    .string()
    .regex(/^\d+$/, "should be the App's number, as its page on GitHub shows it")
    .optional(),
  /** PEM; line breaks may be written as \n */
  GITHUB_APP_PRIVATE_KEY: z
    .string()
    .transform((pem) => pem.replaceAll("\\n", "\n"))
    .refine(isPrivateKey, "should be the private key that GitHub gave, as PEM")
    .optional(),
  GITHUB_APP_CLIENT_ID: z.string().optional(),
  GITHUB_APP_CLIENT_SECRET: z.string().optional(),
  GITHUB_APP_WEBHOOK_SECRET: z.string().optional(),
  GITHUB_API_URL: url.default("https://api.github.com"),
  GITHUB_URL: url.default("https://github.com"),
  /** what the made App's keys are sealed with; unset: derived from CARREL_RUNNER_SECRET */
  CARREL_GITHUB_KEY_SECRET: z.string().min(32).optional(),
};

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    // What is wrong with it is said by whoever asked.
    return false;
  }
}

export const WebEnv = Base.extend({
  PORT: port.default(3000),
  HOST: z.string().default("127.0.0.1"),
  NEXTAUTH_URL: url,
  NEXTAUTH_SECRET: z
    .string()
    .min(32, "should be at least 32 characters; `openssl rand -base64 32` makes one"),
  CONTENT_ORIGIN: url.optional(),
  CARREL_RUNNER_SECRET: z.string().min(32),
  GATEWAY_URL: url.default("http://127.0.0.1:4000"),
  CARREL_OPERATORS: z.string().default(""),
  CARREL_RATE_API: count.default(3000),
  CARREL_RATE_SIGNIN: count.default(20),
  ...GitHubVariables,
  STRIPE_SECRET_KEY: z.string().optional(),
  STRIPE_WEBHOOK_SECRET: z.string().optional(),
});
export type WebEnv = z.infer<typeof WebEnv>;

export const RunnerEnv = Base.extend({
  RUNNER_PORT: port.default(4100),
  RUNNER_HOST: z.string().default("127.0.0.1"),
  /** how web reaches this runner; default http://RUNNER_HOST:RUNNER_PORT */
  RUNNER_URL: url.optional(),
  CARREL_HOME: z.string(),
  CARREL_RUNNER_SECRET: z.string().min(32),
  CARREL_RUN_TOKEN_SECRET: z.string().min(32),
  /** what agents' private environments are sealed with; unset: derived from CARREL_RUN_TOKEN_SECRET */
  CARREL_ENV_SECRET: z.string().min(32).optional(),
  GATEWAY_URL: url.default("http://127.0.0.1:4000"),
  WORKSPACE_DRIVER: z.enum(["auto", "docker", "kubernetes", "local"]).default("auto"),
  /** the container engine; unset: this machine's own, at /var/run/docker.sock */
  DOCKER_HOST: z.string().optional(),
  /** of workspaces in containers; `npm run workspace-image` makes it */
  WORKSPACE_IMAGE: z.string().default("carrel-workspace:0.1.0"),
  /** a stronger runtime that the engine knows (runsc, kata) */
  WORKSPACE_RUNTIME: z.string().optional(),
  /** where workspaces may go, added to registries and git hosts: host, host:port, *.host */
  EGRESS_ALLOW: list,
  /** what users may add to the lists of their own workspaces; the same patterns, and * for every public host */
  EGRESS_USER_ALLOW: list.prefault("*"),
  /** exact host:port that may lead to a private or reserved address (a mirror, say) */
  EGRESS_ALLOW_PRIVATE: list,
  MAX_WORKSPACES: count.default(50),
  MAX_RUNS: count.default(20),
  /** minutes without use, socket and run: then it is paused, where the driver can, and stopped; 0: never */
  WORKSPACE_PAUSE_AFTER: z.coerce.number().min(0).default(10),
  WORKSPACE_STOP_AFTER: z.coerce.number().min(0).default(60),
  /** MiB that the host must have left to start a workspace: memory that is available, room on the disk of CARREL_HOME */
  WORKSPACE_MIN_MEMORY: count.default(512),
  WORKSPACE_MIN_DISK: count.default(1024),
  /** end the workspaces of this host when the runner ends (one-machine start), or leave them for the next runner */
  CARREL_STOP_WORKSPACES: z.stringbool().default(false),
  ...GitHubVariables,
});
export type RunnerEnv = z.infer<typeof RunnerEnv>;

export const GatewayEnv = Base.extend({
  GATEWAY_PORT: port.default(4000),
  GATEWAY_HOST: z.string().default("127.0.0.1"),
  CARREL_RUN_TOKEN_SECRET: z.string().min(32),
  ANTHROPIC_API_KEY: z.string().optional(),
  /** a file that holds the key alone, in place of the variable */
  ANTHROPIC_API_KEY_FILE: z.string().optional(),
  ANTHROPIC_BASE_URL: url.default("https://api.anthropic.com"),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_API_KEY_FILE: z.string().optional(),
  /** with its version, as OpenAI's own clients take it; a local server, say */
  OPENAI_BASE_URL: url.default("https://api.openai.com/v1"),
  /** models of a server of one's own, by name, that cost nothing */
  OPENAI_MODELS: z
    .string()
    .default("")
    .transform((list) =>
      list
        .split(",")
        .map((name) => name.trim())
        .filter((name) => name !== ""),
    ),
  /** a JSON file: further providers, roles, fallbacks */
  CARREL_GATEWAY_CONFIG: z.string().optional(),
  /** pace of the scripted demo model, milliseconds between pieces of an answer; 0: none */
  CARREL_DEMO_DELAY_MS: count.default(25),
  /** offer the scripted demo model; production says so by name */
  CARREL_DEMO_MODEL: z.stringbool().optional(),
  CARREL_RATE_MODELS: count.default(3000),
  /** what users' own provider keys are sealed with; unset: derived from CARREL_RUN_TOKEN_SECRET */
  CARREL_KEY_SECRET: z.string().min(32).optional(),
});
export type GatewayEnv = z.infer<typeof GatewayEnv>;

/** What `npm start` and the operator's command line read themselves; the parts get theirs passed on. */
export const StartEnv = Base.extend({
  /** unset: the embedded PostgreSQL */
  DATABASE_URL: Base.shape.DATABASE_URL.optional(),
  /** default `.carrel` in the checkout */
  CARREL_HOME: z.string().optional(),
  PORT: port.default(3000),
  GATEWAY_PORT: port.default(4000),
  RUNNER_PORT: port.default(4100),
  HOST: z.string().default("127.0.0.1"),
  NEXTAUTH_URL: url.optional(),
  /** for `workspace stop|restart|wipe` beside a database of one's own; embedded mode has its own */
  CARREL_RUNNER_SECRET: z.string().min(32).optional(),
});
export type StartEnv = z.infer<typeof StartEnv>;

/** @throws AppError bad_request with one line per wrong variable */
export function readEnv<S extends z.ZodType>(
  schema: S,
  environment: Record<string, string | undefined>,
): z.infer<S> {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => {
    const name = issue.path.join(".");
    const missing = given[name] === undefined ? "is not set" : "is not valid";
    return `${name} ${missing}: ${issue.message}`;
  });
  throw new AppError("bad_request", lines.join("\n"));
}
