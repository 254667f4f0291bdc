import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { io, type Socket } from "socket.io-client";
import { productEnvironment, startProduct } from "../test/support/product.ts";
import { type Call, caller } from "./call-api.ts";
import { type Row, timeOf } from "./table.ts";

const AGENTS = 100;
const MESSAGES = 20;
const WARM_UP = 20;

/** What making an agent costs beside a bare signed-in request, and how soon the first event of a message is in the browser's socket. */
export async function measureAgent(): Promise<Row[]> {
  const home = await mkdtemp(path.join(tmpdir(), "carrel-bench-"));
  const product = await startProduct(await productEnvironment(home));
  try {
    const { stdout } = await product.carrel("token", "create", "--user", "bench@localhost");
    const call = caller(product, stdout.trim());
    const bare: Row = { what: "a bare signed-in request (GET /me)", times: [] };
    const made: Row = { what: "making an agent", times: [], limit: bare };
    for (let n = 0; n < WARM_UP; n += 1) await makeAndDelete(call, []);
    for (let n = 0; n < AGENTS; n += 1) {
      bare.times.push(await timeOf(() => call("GET", "/me")));
      await makeAndDelete(call, made.times);
    }
    const event: Row = {
      what: "message sent, first event in the socket",
      times: await timeFirstEvents(product.url, stdout.trim(), call),
      limit: bare,
    };
    return [bare, made, event];
  } finally {
    await product.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/** The cap on agents allows ten: each one is removed before the next. */
async function makeAndDelete(call: Call, times: number[]): Promise<void> {
  let id = "";
  times.push(
    await timeOf(async () => {
      id = (await call("POST", "/agents", { name: "bench", model: "demo" })).id ?? "";
    }),
  );
  await call("DELETE", `/agents/${id}`);
}

async function timeFirstEvents(url: string, token: string, call: Call): Promise<number[]> {
  const socket = io(url, { auth: { token }, transports: ["websocket"] });
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  const times: number[] = [];
  try {
    for (let n = 0; n < MESSAGES; n += 1) times.push(await timeFirstEvent(socket, call));
  } finally {
    socket.close();
  }
  return times;
}

async function timeFirstEvent(socket: Socket, call: Call): Promise<number> {
  const agent = await call("POST", "/agents", { name: "bench", model: "demo" });
  const begin = performance.now();
  const arrived = new Promise<number>((resolve) => {
    socket.once("run:event", () => resolve(performance.now() - begin));
  });
  const sent = await call("POST", `/agents/${agent.id}/messages`, {
    text: "A command-line tool that counts words",
  });
  const run = sent.run as unknown as { id: string };
  socket.emit("run:subscribe", { runId: run.id, after: 0 });
  const time = await arrived;
  await call("DELETE", `/agents/${agent.id}`);
  return time;
}
