import { createHash } from "node:crypto";
import http from "node:http";
import http2, { type ClientHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { duplexPair } from "node:stream";
import { buffer } from "node:stream/consumers";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { serveReverse } from "#workspaces/link/serve-reverse.ts";
import { openNetwork } from "../../../support/open-network.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

const GOOD = Buffer.from("what its author published");
const integrity = `sha512-${createHash("sha512").update(GOOD).digest("base64")}`;

interface Seen {
  path: string;
  headers: http.IncomingHttpHeaders;
}

/** An npm registry with one package, whose files a test can spoil; and two workspaces that read it through a runner. */
async function house() {
  const state = { file: GOOD as Buffer, seen: [] as Seen[] };
  const server = http.createServer((request, response) => {
    state.seen.push({ path: request.url ?? "", headers: request.headers });
    const host = `http://${request.headers.host}`;
    if (request.url === "/pack") {
      const dist = { tarball: `${host}/pack/-/pack-1.0.0.tgz`, integrity };
      const elsewhere = { tarball: "http://elsewhere.test/pack/-/pack-2.0.0.tgz", integrity };
      const versions = { "1.0.0": { dist }, "2.0.0": { dist: elsewhere } };
      return void response.end(JSON.stringify({ name: "pack", versions }));
    }
    if (request.url === "/pack/-/pack-1.0.0.tgz") return void response.end(state.file);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const authority = `registry.test:${(server.address() as AddressInfo).port}`;
  const network = openNetwork({
    private: [authority],
    names: { "registry.test": ["127.0.0.1"] },
    registries: { npm: new URL(`http://${authority}/`) },
    home: await temporaryDirectory(),
  });
  onTestFinished(async () => {
    await network.close();
    server.close();
    server.closeAllConnections();
  });
  const workspace = (userId: string): ClientHttp2Session => {
    const [near, far] = duplexPair();
    const end = serveReverse(far, network.door(userId));
    const session = http2.connect("http://runner", { createConnection: () => near });
    onTestFinished(() => {
      session.destroy();
      end();
    });
    return session;
  };
  return { state, mallory: workspace("mallory"), alice: workspace("alice") };
}

async function ask(session: ClientHttp2Session, path: string, headers: http2.OutgoingHttpHeaders = {}) {
  const stream = session.request({ ":path": `/npm${path}`, ...headers });
  const status = new Promise<number>((resolve) =>
    stream.once("response", (got) => resolve(Number(got[":status"]))),
  );
  if (!stream.writableEnded) stream.end("poison");
  const body = await buffer(stream);
  return { status: await status, body };
}

describe("the cache that all users share", () => {
  let home: Awaited<ReturnType<typeof house>>;
  const file = "/pack/-/pack-1.0.0.tgz";
  beforeEach(async () => {
    home = await house();
  });

  test("a file that its registry's list does not know is not given, and not kept", async () => {
    home.state.file = Buffer.from("poison");
    expect((await ask(home.mallory, file)).status).toBe(502);
    home.state.file = GOOD;
    expect(await ask(home.alice, file)).toEqual({ status: 200, body: GOOD });
    // From then on it is the store's, whatever the registry sends.
    home.state.file = Buffer.from("poison");
    expect(await ask(home.alice, file)).toEqual({ status: 200, body: GOOD });
    expect(await ask(home.mallory, file)).toEqual({ status: 200, body: GOOD });
  });

  test("nothing can be put, and nothing of a workspace reaches the registry", async () => {
    for (const method of ["PUT", "POST", "DELETE", "PATCH"])
      expect((await ask(home.mallory, "/pack", { ":method": method })).status).toBe(405);
    expect(home.state.seen).toEqual([]);
    const sent = {
      authorization: "Bearer of-mallory",
      cookie: "of=mallory",
      "x-forwarded-host": "evil.test",
      host: "evil.test",
      "if-none-match": "x",
      range: "bytes=0-1",
    };
    expect(await ask(home.mallory, file, sent)).toEqual({ status: 200, body: GOOD });
    const said = JSON.stringify(home.state.seen);
    for (const word of ["mallory", "evil.test", "bytes=0-1"]) expect(said).not.toContain(word);
  });

  test("a path leads to nothing but a package's list and its files", async () => {
    for (const path of [
      "/../secret",
      "/pack/-/../../secret",
      "/pack/-/..%2f..%2fsecret",
      "/%2e%2e/secret",
      "//evil.test/pack",
      "/http://evil.test/",
      "/@scope",
      "/pack%00",
      "/pack/-/pack-9.9.9.tgz",
      // Of the list, but on another host.
      "/pack/-/pack-2.0.0.tgz",
    ])
      expect((await ask(home.mallory, path)).status, path).toBe(404);
    const asked = new Set(home.state.seen.map(({ path }) => path));
    expect([...asked]).toEqual(["/pack"]);
  });
});
