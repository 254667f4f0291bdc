import http2, { type ClientHttp2Session } from "node:http2";
import net, { type AddressInfo, type Socket } from "node:net";
import { duplexPair } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { serveReverse } from "#workspaces/link/serve-reverse.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import { openNetwork } from "../../../support/open-network.ts";

const MiB = 1024 * 1024;

/** A server that sends without end and counts what was taken from it; and the broker that leads there. */
async function flood(options: { sends: boolean } = { sends: true }) {
  const sockets = new Set<Socket>();
  let sent = 0;
  const server = net.createServer((socket) => {
    sockets.add(socket);
    const more = () => {
      while (!socket.destroyed) {
        sent += 64 * 1024;
        if (!socket.write(Buffer.alloc(64 * 1024, 1))) break;
      }
    };
    if (options.sends) socket.on("drain", more);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    if (options.sends) more();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authority = `flood.test:${(server.address() as AddressInfo).port}`;
  const network = openNetwork({
    allow: [authority],
    private: [authority],
    names: { "flood.test": ["127.0.0.1"] },
  });
  onTestFinished(async () => {
    await network.close();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { authority, network, open: () => sockets.size, sent: () => sent };
}

/** A workspace's side of the second link that does as it likes. */
function workspace(
  network: ReturnType<typeof openNetwork>,
  userId: string,
  settings: http2.Settings = {},
): ClientHttp2Session {
  const [near, far] = duplexPair();
  const end = serveReverse(far, network.door(userId));
  const session = http2.connect("http://runner", { createConnection: () => near, settings });
  session.on("error", () => {
    // The runner hung up: that is what some of these provoke.
  });
  onTestFinished(() => {
    session.destroy();
    end();
  });
  return session;
}

function ask(session: ClientHttp2Session, authority: string): Promise<number> {
  return new Promise((resolve) => {
    const stream = session.request({ ":method": "CONNECT", ":authority": authority }, { endStream: false });
    stream.once("response", (headers) => resolve(Number(headers[":status"])));
    stream.once("error", () => resolve(0));
    stream.once("close", () => resolve(0));
  });
}

/** A neighbour's way out still works, and carries. */
async function neighbourGets(site: Awaited<ReturnType<typeof flood>>, bytes: number): Promise<void> {
  const session = workspace(site.network, "neighbour");
  const stream = session.request(
    { ":method": "CONNECT", ":authority": site.authority },
    { endStream: false },
  );
  let got = 0;
  await new Promise<void>((resolve, reject) => {
    stream.on("data", (chunk: Buffer) => {
      got += chunk.length;
      if (got >= bytes) resolve();
    });
    stream.once("close", () => reject(new Error(`closed after ${got}`)));
  });
  session.destroy();
}

describe("a workspace that abuses its way out", () => {
  test("opens no more connections at once than it may", async () => {
    const site = await flood({ sends: false });
    const session = workspace(site.network, "hostile");
    const asked = Array.from({ length: 3 * TUNABLES.egressConnections }, () => ask(session, site.authority));
    await expect.poll(site.open, { timeout: 50_000 }).toBe(TUNABLES.egressConnections);
    // One more goes to a neighbour, none to it.
    expect(await ask(workspace(site.network, "neighbour"), site.authority)).toBe(200);
    expect(site.open()).toBe(TUNABLES.egressConnections + 1);
    session.destroy();
    await Promise.all(asked);
    await expect.poll(site.open, { timeout: 20_000 }).toBe(1);
  });

  test("asks more often than it may in a minute, and is told so", async () => {
    const site = await flood();
    const session = workspace(site.network, "hostile");
    const answers: number[] = [];
    for (let round = 0; round < 13; round++) {
      const batch = Array.from({ length: 100 }, () => ask(session, "nowhere.test:1"));
      answers.push(...(await Promise.all(batch)));
    }
    expect(answers.filter((status) => status === 403)).toHaveLength(TUNABLES.egressPerMinute);
    expect(answers.filter((status) => status === 429)).toHaveLength(1300 - TUNABLES.egressPerMinute);
    await neighbourGets(site, MiB);
  });

  test("never reads what it asked for: it is not fetched either", async () => {
    const site = await flood();
    const session = workspace(site.network, "hostile");
    await Promise.all(Array.from({ length: 64 }, () => ask(session, site.authority)));
    let before = -1;
    // What fills buffers of kernels and windows on the way is all that is ever taken.
    await expect
      .poll(
        () => {
          const settled = site.sent() === before;
          before = site.sent();
          return settled;
        },
        { timeout: 20_000, interval: 500 },
      )
      .toBe(true);
    await neighbourGets(site, 8 * MiB);
  });

  test("opens its windows wide and does not read: its link is dropped", async () => {
    const site = await flood();
    const [near, far] = duplexPair();
    let dropped = false;
    const end = serveReverse(far, site.network.door("hostile"), () => {
      dropped = true;
    });
    onTestFinished(end);
    const session = http2.connect("http://runner", {
      createConnection: () => near,
      settings: { initialWindowSize: 2 ** 31 - 1 },
    });
    session.on("error", () => undefined);
    session.once("connect", () => session.setLocalWindowSize(2 ** 31 - 1));
    const asked = Array.from({ length: 32 }, () => ask(session, site.authority));
    await Promise.all(asked);
    // From here on nothing is taken off the wire.
    near.pause();
    near.removeAllListeners("readable");
    near.removeAllListeners("data");
    near.read = () => null;
    await expect.poll(() => dropped, { timeout: 20_000 }).toBe(true);
    await expect.poll(site.open, { timeout: 20_000 }).toBe(0);
    await neighbourGets(site, MiB);
  });

  test("sends headers without end: its link is dropped or the stream refused, and nobody else's", async () => {
    const site = await flood();
    const session = workspace(site.network, "hostile");
    const big = Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`x-${n}`, "y".repeat(4000)]));
    const refused = new Promise<void>((resolve) => {
      session.once("close", resolve);
      const stream = session.request({ ":method": "GET", ":path": "/npm/ms", ...big });
      stream.once("error", () => resolve());
      stream.once("close", () => resolve());
    });
    await refused;
    await neighbourGets(site, MiB);
  });
});
