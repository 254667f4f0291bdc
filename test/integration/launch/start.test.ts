import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { Holder } from "#launch/hold-home.ts";
import { buildWeb } from "#launch/web-build.ts";
import { call } from "../../support/api-client.ts";
import { type Product, productEnvironment, startProduct } from "../../support/product.ts";
import { runNode } from "../../support/run-node.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

// A start on a busy machine, and sources that change while the tests run, take their time.
vi.setConfig({ testTimeout: 180_000 });

beforeAll(async () => {
  await buildWeb(process.env);
}, 300_000);

async function start(env: Record<string, string>): Promise<Product> {
  const product = await startProduct(env);
  // Before its data directory is removed: that is asked for earlier, and done later.
  onTestFinished(async () => void (await product.stop()));
  return product;
}

async function partsOf({ env }: Product): Promise<Holder["parts"]> {
  const note = await readFile(path.join(env.CARREL_HOME ?? "", "running.json"), "utf8");
  return (JSON.parse(note) as Holder).parts;
}

async function pidOf(product: Product, name: string): Promise<number> {
  return (await partsOf(product)).find((part) => part.name === name)?.pid ?? 0;
}

/** The command line of a process, or "" when it is gone. */
async function commandLine(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
}

/** The processes that have something to do with a data directory. */
async function processesOf(home: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(pids.map(commandLine));
  return lines.filter((line) => line.includes(`${home}/`));
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`).then(
    (response) => response.ok,
    () => false,
  );
}

test("one line for each part and one link that signs in once; Ctrl-C ends everything", async () => {
  const product = await start(await productEnvironment(await temporaryDirectory()));
  for (const part of ["postgres", "gateway", "runner", "web"]) {
    expect(product.lines.filter((line) => line.startsWith(part))).toEqual([expect.stringMatching(/ ready /)]);
  }
  const signedIn = await fetch(product.signInUrl, { redirect: "manual" });
  expect(signedIn.headers.get("location")).toMatch(/\/$/);
  expect(signedIn.headers.getSetCookie()).toHaveLength(1);
  const again = await fetch(product.signInUrl, { redirect: "manual" });
  expect(again.headers.getSetCookie()).toEqual([]);

  const parts = await partsOf(product);
  for (const { name, pid } of parts) expect(await commandLine(pid)).toContain(`src/${name}.ts`);
  expect(await product.stop()).toBe(0);
  for (const { pid } of parts) expect(await commandLine(pid)).toBe("");
});

test("a second start on the same data says who runs and where, and disturbs nobody", async () => {
  const product = await start(await productEnvironment(await temporaryDirectory()));
  const second = await runNode(["src/start.ts"], product.env);
  expect(second.code).toBe(1);
  expect(second.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(second.stderr).toContain(`process ${product.child.pid}, ${product.url}`);
  expect(await isReady(product.url)).toBe(true);
});

test("a part that is killed is started again, and says so", async () => {
  const product = await start(await productEnvironment(await temporaryDirectory()));
  for (const name of ["gateway", "runner", "web"]) {
    const pid = await pidOf(product, name);
    process.kill(pid, "SIGKILL");
    await expect
      .poll(() => product.lines.join("\n"), { timeout: 20_000 })
      .toMatch(
        new RegExp(`^${name} +ended by SIGKILL; starting it again\n(.*\n)*${name} +ready again$`, "m"),
      );
    expect(await pidOf(product, name)).not.toBe(pid);
  }
  expect(await isReady(product.url)).toBe(true);
});

test("when start itself is killed its parts end, and the next start finds the data", async () => {
  const home = await temporaryDirectory();
  const product = await start(await productEnvironment(home));
  const token = (await product.carrel("token", "create", "--user", "kept@localhost")).stdout.trim();
  const parts = await partsOf(product);
  product.child.kill("SIGKILL");
  await once(product.child, "exit");
  const next = await start(product.env);
  for (const { pid } of parts) expect(await commandLine(pid)).toBe("");
  const me = await fetch(`${next.url}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  expect(await me.json()).toMatchObject({ email: "kept@localhost" });
});

test("a run that a Ctrl-C interrupts goes on at the next start, and its workspace ends in between", async () => {
  const home = await temporaryDirectory();
  const product = await start({ ...(await productEnvironment(home)), CARREL_DEMO_DELAY_MS: "200" });
  const { stdout } = await product.carrel("token", "create", "--user", "a@example.org");
  const ask = async (method: string, path: string, json?: unknown) => {
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    const { status, body } = await call(product.url, method, path, { headers, json });
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    return body;
  };
  const { id: agentId } = await ask("POST", "/agents", { name: "Words" });
  const text = "A command-line tool in Python that counts words";
  const { run } = await ask("POST", `/agents/${agentId}/messages`, { text });
  const readRun = () => ask("GET", `/runs/${run.id}`);
  await expect.poll(async () => (await readRun()).steps.length, { timeout: 30_000 }).toBeGreaterThan(2);
  expect(await processesOf(home)).not.toEqual([]);
  expect(await product.stop()).toBe(0);
  expect(await processesOf(home)).toEqual([]);

  await start({ ...product.env, CARREL_DEMO_DELAY_MS: "0" });
  await expect.poll(async () => (await readRun()).status, { timeout: 60_000 }).toBe("awaiting_review");
});

test("a port in use is told in one line with the variable to change, and nothing is left running", async () => {
  const env = await productEnvironment(await temporaryDirectory());
  const server = createServer().listen(Number(env.GATEWAY_PORT), "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  const { code, stderr } = await runNode(["src/start.ts"], env);
  expect(code).toBe(1);
  expect(stderr).toBe(`Port ${env.GATEWAY_PORT} is in use: set GATEWAY_PORT to another\n`);
});

test.each([
  [{ PORT: "eighty" }, /^PORT is not valid: /],
  [{ MAX_RUNS: "-1" }, /^MAX_RUNS is not valid: /],
  [{ HOST: "0.0.0.0" }, /HOST/],
  [{ CARREL_MODE: "production" }, /^CARREL_MODE is production: /],
])("a wrong value is told in one line: %o", async (wrong, line) => {
  const env = { ...(await productEnvironment(await temporaryDirectory())), ...wrong };
  const { code, stderr } = await runNode(["src/start.ts"], env as unknown as Record<string, string>);
  expect(code).toBe(1);
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
});
