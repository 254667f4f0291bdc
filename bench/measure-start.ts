import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildWeb } from "#launch/web-build.ts";
import { freePorts } from "../test/support/free-ports.ts";
import { productEnvironment, startProduct } from "../test/support/product.ts";
import { type Row, timeOf } from "./table.ts";

const ROUNDS = 5;

/** From the command to the first page, with no data yet and with the data of an earlier start; and to the end after a Ctrl-C. */
export async function measureStart(): Promise<Row[]> {
  await buildWeb(process.env);
  const limit: Row = { what: "a bare `next start`, first answer", times: [] };
  const first: Row = { what: "first start, first page", times: [], limit };
  const later: Row = { what: "later start, first page", times: [], limit };
  const stop: Row = { what: "Ctrl-C, everything ended", times: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const home = await mkdtemp(path.join(tmpdir(), "carrel-bench-"));
    try {
      limit.times.push(await timeBareNext());
      for (const row of [first, later]) {
        const { toFirstPage, toEnd } = await timeStart(home);
        row.times.push(toFirstPage);
        stop.times.push(toEnd);
      }
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }
  return [limit, first, later, stop];
}

async function timeStart(home: string): Promise<{ toFirstPage: number; toEnd: number }> {
  const env = await productEnvironment(home);
  const begin = performance.now();
  const product = await startProduct(env);
  await firstPage(product.signInUrl);
  const toFirstPage = performance.now() - begin;
  return { toFirstPage, toEnd: await timeOf(() => product.stop()) };
}

/** Opens the link as a browser does: signs in, keeps the cookie, follows to the dashboard. */
async function firstPage(signInUrl: string): Promise<void> {
  const signedIn = await fetch(signInUrl, { redirect: "manual" });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const location = new URL(signedIn.headers.get("location") ?? "/", signInUrl);
  const page = await fetch(location, { headers: { cookie } });
  const html = await page.text();
  if (!page.ok || !html.includes("</html>")) throw new Error(`the first page is ${page.status}`);
}

/** The web framework alone on the same build: what no start of it can be faster than. */
async function timeBareNext(): Promise<number> {
  const [port] = await freePorts(1);
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", "start", "-p", String(port), "-H", "127.0.0.1"],
    {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: "production",
        NEXT_TELEMETRY_DISABLED: "1",
      },
      stdio: "ignore",
    },
  );
  try {
    for (;;) {
      const answered = await fetch(`http://127.0.0.1:${port}/favicon.ico`).then(
        () => true,
        () => false, // Nobody listens yet.
      );
      if (answered) return performance.now() - begin;
      if (child.exitCode !== null) throw new Error("next start ended");
      await sleep(5);
    }
  } finally {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
}
