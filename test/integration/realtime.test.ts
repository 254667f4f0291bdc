import { readFile } from "node:fs/promises";
import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createSignInCode } from "#accounts/local-sign-in.ts";
import { setUserStatus } from "#accounts/users.ts";
import { appendEvents, EVENTS_CHANNEL } from "#events/log.ts";
import { startPart } from "#launch/part.ts";
import { type ApiClient, agentInReview, apiClient } from "../support/api-client.ts";
import { freePorts } from "../support/free-ports.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;
let ann: ApiClient;
let runId: string;
let agentId: string;
const sockets: Socket[] = [];

beforeAll(async () => {
  stack = await startStack({ parts: ["web"] });
  ann = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
}, 180_000);

afterAll(() => stack?.stop());

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

async function newRun(): Promise<void> {
  ({ runId, agentId } = await agentInReview(stack.database.db, ann.userId));
}

/** Appends notices up to a total of `total` events, in uneven batches. */
async function say(total: number): Promise<void> {
  const { rows } = await stack.database.db.pool.query("SELECT last_seq FROM runs WHERE id = $1", [runId]);
  for (let seq = rows[0].last_seq; seq < total; ) {
    const size = Math.min(total - seq, 1 + ((seq * 7) % 13));
    const batch = Array.from({ length: size }, () => ({
      body: { type: "notice", level: "info", text: "x".repeat(200) } as const,
    }));
    await appendEvents(stack.database.db.pool, { runId }, batch);
    seq += size;
  }
}

function connect(token = ann.token, more: object = {}): Socket {
  const socket = io(stack.webUrl, { auth: { token }, forceNew: true, reconnectionDelay: 50, ...more });
  sockets.push(socket);
  return socket;
}

async function environmentOf(pid: number): Promise<Record<string, string>> {
  const pairs = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0").filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

const next = (socket: Socket, event: string) =>
  new Promise<unknown>((resolve) => socket.once(event, resolve));

/** Follows the run until it has `total` events; after each reconnection from its own cursor. */
function follow(socket: Socket, total: number): { seqs: number[]; done: Promise<void> } {
  const seqs: number[] = [];
  const subscribe = () => socket.emit("run:subscribe", { runId, after: seqs.length });
  const done = new Promise<void>((resolve) => {
    socket.on("run:event", (event: { runId: string; seq: number }) => {
      if (event.runId !== runId) return;
      seqs.push(event.seq);
      if (seqs.length === total) resolve();
    });
  });
  socket.on("connect", subscribe);
  if (socket.connected) subscribe();
  return { seqs, done };
}

const upTo = (total: number) => Array.from({ length: total }, (_, n) => n + 1);

describe("sockets", () => {
  test("ten clients that come, go and come again all get 1..n, once and in order", async () => {
    await newRun();
    const total = 1500;
    const clients = upTo(10).map((n) => {
      const socket = connect(ann.token, n % 3 === 0 ? { transports: ["websocket"] } : {});
      return { socket, ...follow(socket, total) };
    });
    let on = true;
    const disturb = (async () => {
      for (let n = 0; on; n += 1) {
        const { socket } = clients[(n * 7) % 10] as { socket: Socket };
        socket.io.engine?.close();
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    })();
    await say(total);
    on = false;
    await disturb;
    await Promise.all(clients.map(({ done }) => done));
    for (const { seqs } of clients) expect(seqs).toEqual(upTo(total));
  });

  test("what anybody else notifies on the events' channel ends nothing", async () => {
    await newRun();
    const following = follow(connect(), 40);
    for (const payload of ["", "not JSON", "null", '{"runId":5}'])
      await stack.database.db.pool.query("SELECT pg_notify($1, $2)", [EVENTS_CHANNEL, payload]);
    await say(40);
    await following.done;
    expect(following.seqs).toEqual(upTo(40));
  });

  test("a client that stops reading gets everything later, and holds nobody up", async () => {
    await newRun();
    const total = 4000;
    const slow = connect(ann.token, { transports: ["websocket"] });
    await next(slow, "connect");
    // biome-ignore lint/suspicious/noExplicitAny: the raw connection below the client
    const raw = (slow.io.engine.transport as any).ws._socket;
    const slowly = follow(slow, total);
    raw.pause();
    const quickly = follow(connect(), total);
    await say(total);
    await quickly.done;
    expect(slowly.seqs.length).toBeLessThan(total);
    raw.resume();
    await slowly.done;
    expect(slowly.seqs).toEqual(upTo(total));
  });

  test("news go on after the web process was killed", async () => {
    await newRun();
    const client = follow(connect(), 60);
    await say(30);
    await stack.kill("web");
    await say(60);
    await stack.restart("web");
    await client.done;
    expect(client.seqs).toEqual(upTo(60));
  });

  test("news go on after the database ended the connection that listens", async () => {
    await newRun();
    const client = follow(connect(), 40);
    await say(20);
    await stack.database.db.pool.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'carrel-listen' AND datname = current_database()",
    );
    await say(40);
    await client.done;
    expect(client.seqs).toEqual(upTo(40));
  });

  test("a second web node tells the same, and hears of revocations", async () => {
    await newRun();
    const [port] = await freePorts(1);
    const second = await startPart({
      name: "web",
      env: {
        ...(await environmentOf(stack.pid("web"))),
        PORT: `${port}`,
        NEXTAUTH_URL: `http://localhost:${port}`,
      },
      logFile: `${stack.home}/logs/web2.log`,
    });
    await second.ready;
    try {
      const other = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
      const there = io(`http://localhost:${port}`, { auth: { token: other.token }, forceNew: true });
      sockets.push(there);
      const [here, far] = [follow(connect(), 200), follow(there, 200)];
      await say(200);
      await Promise.all([here.done, far.done]);
      expect(far.seqs).toEqual(here.seqs);
      const gone = next(there, "disconnect");
      const { body } = await ann.call("GET", "/tokens");
      await ann.call("DELETE", `/tokens/${body.tokens[0].id}`);
      expect(await gone).toBe("io server disconnect");
    } finally {
      await second.stop(8000);
    }
  });

  test("whoever subscribes again starts from the new cursor", async () => {
    await newRun();
    await say(10);
    const socket = connect();
    const seqs: number[] = [];
    socket.on("run:event", ({ seq }) => seqs.push(seq));
    await next(socket, "connect");
    expect(await socket.emitWithAck("run:subscribe", { runId, after: 7 })).toEqual({ ok: true });
    await expect.poll(() => seqs).toEqual([8, 9, 10]);
    await socket.emitWithAck("run:subscribe", { runId, after: 9 });
    await expect.poll(() => seqs).toEqual([8, 9, 10, 10]);
    await socket.emitWithAck("run:unsubscribe", { runId });
    await say(12);
    await socket.emitWithAck("run:subscribe", { runId, after: 11 });
    await expect.poll(() => seqs).toEqual([8, 9, 10, 10, 12]);
  });

  test("another user's run, an unknown run and nonsense are refused", async () => {
    await newRun();
    const bob = await apiClient(stack.webUrl, stack.database.db, "bob@example.org");
    const socket = connect(bob.token);
    await next(socket, "connect");
    const ask = (payload: unknown) => socket.emitWithAck("run:subscribe", payload);
    expect(await ask({ runId, after: 0 })).toMatchObject({ error: { code: "not_found" } });
    expect(await ask({ runId: crypto.randomUUID(), after: 0 })).toMatchObject({
      error: { code: "not_found" },
    });
    const odd = [{ runId, after: -1 }, { runId, after: 2 ** 31 }, { runId: "x" }, { runId, colour: 1 }];
    for (const payload of [{}, null, "x", ...odd]) {
      expect(await ask(payload)).toMatchObject({ error: { code: "bad_request" } });
    }
  });

  test("nobody gets in without a credential, with a wrong one, or without the scope", async () => {
    const models = await apiClient(stack.webUrl, stack.database.db, "ann@example.org", ["models"]);
    for (const [token, code] of [
      ["", "unauthenticated"],
      ["carrel_wrong", "unauthenticated"],
      [models.token, "forbidden"],
    ]) {
      const error = (await next(connect(token as string), "connect_error")) as { data?: { code: string } };
      expect(error.data?.code).toBe(code);
    }
  });

  test("a status reaches its owner's sockets and nobody else's", async () => {
    await newRun();
    const bob = await apiClient(stack.webUrl, stack.database.db, "bob@example.org");
    const [own, other] = [connect(), connect(bob.token)];
    let heard = 0;
    other.on("agent:changed", () => {
      heard += 1;
    });
    await Promise.all([next(own, "connect"), next(other, "connect")]);
    const hint = next(own, "agent:changed");
    const run = runId;
    await ann.call("POST", `/runs/${runId}/review`, { json: { decision: "reject" } });
    expect(await hint).toEqual({ agentId, runId: run, status: "cancelled" });
    // A later hint of his own would come after: the sockets are in one process.
    await other.emitWithAck("run:unsubscribe", { runId });
    expect(heard).toBe(0);
  });

  test("a session opens a socket, and takes it along when it ends", async () => {
    const code = await createSignInCode(stack.database.db);
    const answer = await fetch(`${stack.webUrl}/sign-in/local?code=${code}`, { redirect: "manual" });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] as string;
    const socket = connect("", { auth: {}, extraHeaders: { cookie } });
    await next(socket, "connect");
    const gone = next(socket, "disconnect");
    await stack.database.db.pool.query("DELETE FROM sessions");
    expect(await gone).toBe("io server disconnect");
  });

  test("a revoked token and a suspended user lose their sockets", async () => {
    const [kept, revoked] = [
      await apiClient(stack.webUrl, stack.database.db, "carol@example.org"),
      await apiClient(stack.webUrl, stack.database.db, "carol@example.org"),
    ];
    const [one, two] = [connect(kept.token), connect(revoked.token)];
    await Promise.all([next(one, "connect"), next(two, "connect")]);
    const { body } = await kept.call("GET", "/tokens");
    await kept.call("DELETE", `/tokens/${body.tokens[0].id}`);
    expect(await next(two, "disconnect")).toBe("io server disconnect");
    expect(one.connected).toBe(true);
    await setUserStatus(stack.database.db, "carol@example.org", "suspended");
    expect(await next(one, "disconnect")).toBe("io server disconnect");
  });
});

describe("event streams", () => {
  async function* stream(after: string, headers: Record<string, string> = {}, token = ann.token) {
    const stop = new AbortController();
    const response = await fetch(`${stack.webUrl}/api/v1/runs/${runId}/events${after}`, {
      headers: { accept: "text/event-stream", authorization: `Bearer ${token}`, ...headers },
      signal: stop.signal,
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    let text = "";
    try {
      for await (const chunk of (response.body as ReadableStream<Uint8Array>).values()) {
        text += Buffer.from(chunk).toString();
        for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
          const id = /^id: (\d+)$/m.exec(text.slice(0, end))?.[1];
          const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
          text = text.slice(end + 2);
          if (!id) continue;
          expect(JSON.parse(data ?? "")).toMatchObject({ runId, seq: Number(id) });
          yield Number(id);
        }
      }
    } finally {
      stop.abort();
    }
  }

  async function take(source: AsyncGenerator<number>, count: number): Promise<number[]> {
    const taken: number[] = [];
    for await (const seq of source) {
      taken.push(seq);
      if (taken.length === count) break;
    }
    return taken;
  }

  test("a stream gives what was and what comes, and goes on from Last-Event-ID", async () => {
    await newRun();
    await say(5);
    const first = take(stream(""), 10);
    await say(10);
    expect(await first).toEqual(upTo(10));
    await say(20);
    expect(await take(stream("", { "last-event-id": "10" }), 10)).toEqual(upTo(20).slice(10));
    expect(await take(stream("?after=18"), 2)).toEqual([19, 20]);
  });

  test("the same events are read as JSON", async () => {
    const all = await ann.call("GET", `/runs/${runId}/events`);
    expect(all.body.events.map(({ seq }: { seq: number }) => seq)).toEqual(upTo(20));
    const rest = await ann.call("GET", `/runs/${runId}/events?after=18`);
    expect(rest.body.events.map(({ seq }: { seq: number }) => seq)).toEqual([19, 20]);
  });

  test("a stream ends when its token is revoked", async () => {
    const other = await apiClient(stack.webUrl, stack.database.db, "ann@example.org");
    const open = stream("", {}, other.token);
    expect((await open.next()).value).toBe(1);
    const { body } = await ann.call("GET", "/tokens");
    await ann.call("DELETE", `/tokens/${body.tokens[0].id}`);
    const rest: number[] = [];
    for await (const seq of open) rest.push(seq);
    expect(rest).toEqual(upTo(20).slice(1));
  });
});
