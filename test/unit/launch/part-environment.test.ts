import { expect, test } from "vitest";
import { partEnvironments } from "#launch/part-environment.ts";
import { readEnv, StartEnv } from "#platform/env.ts";

const SECRETS = {
  NEXTAUTH_SECRET: "next-auth-next-auth-next-auth-next-auth",
  CARREL_RUNNER_SECRET: "runner-runner-runner-runner-runner-runner",
  CARREL_RUN_TOKEN_SECRET: "run-token-run-token-run-token-run-token",
  ANTHROPIC_API_KEY: "a-key-of-the-provider",
};
const FIXED = { DATABASE_URL: "postgresql://x/y", CARREL_HOME: "/home/of/carrel" };

function environments(given: Record<string, string>) {
  return partEnvironments({ ...SECRETS, ...given }, readEnv(StartEnv, given), FIXED);
}

/** The names of the secrets among the values of a part's environment. */
function secretsIn(env: Record<string, string>): string[] {
  return Object.entries(SECRETS).flatMap(([name, value]) =>
    Object.values(env).includes(value) ? [name] : [],
  );
}

test("each part gets its own secrets, and the provider's key goes to the gateway alone", () => {
  const { gateway, runner, web } = environments({});
  expect(secretsIn(gateway)).toEqual(["CARREL_RUN_TOKEN_SECRET", "ANTHROPIC_API_KEY"]);
  expect(secretsIn(runner)).toEqual(["CARREL_RUNNER_SECRET", "CARREL_RUN_TOKEN_SECRET"]);
  expect(secretsIn(web)).toEqual(["NEXTAUTH_SECRET", "CARREL_RUNNER_SECRET"]);
});

test("a variable that no part knows reaches none of them", () => {
  const all = environments({ AWS_SECRET_ACCESS_KEY: "cloud", NODE_OPTIONS: "--inspect" });
  for (const env of Object.values(all)) {
    expect(env).not.toHaveProperty("AWS_SECRET_ACCESS_KEY");
    expect(env).not.toHaveProperty("NODE_OPTIONS");
  }
});

test("addresses follow the ports", () => {
  const { web, runner } = environments({ PORT: "3001", GATEWAY_PORT: "4001" });
  expect(web).toMatchObject({
    PORT: "3001",
    NEXTAUTH_URL: "http://localhost:3001",
    CONTENT_ORIGIN: "http://127.0.0.1:3001",
    GATEWAY_URL: "http://127.0.0.1:4001",
  });
  expect(runner.GATEWAY_URL).toBe("http://127.0.0.1:4001");
});

test("what start decides cannot be overridden from outside", () => {
  expect(environments({ CARREL_HOME: "/elsewhere" }).runner.CARREL_HOME).toBe("/home/of/carrel");
});

test("a wrong value is told by its variable", () => {
  expect(() => environments({ MAX_RUNS: "many" })).toThrow(/^MAX_RUNS is not valid: /);
});
