import http from "node:http";
import http2 from "node:http2";
import type { AddressInfo } from "node:net";
import { duplexPair } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { serveReverse } from "#workspaces/link/serve-reverse.ts";
import { openNetwork } from "../../../support/open-network.ts";
import { temporaryDirectory } from "../../../support/temporary-directory.ts";

async function listen(handler: http.RequestListener): Promise<number> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

/** A workspace whose operator has an index that keeps its files elsewhere; `pages` are the index's own. */
async function house(pages: (files: number) => Record<string, string>, hasIndex = true) {
  const asked: string[] = [];
  const files = await listen((_, response) => void response.end("a file"));
  const index = await listen((request, response) => {
    asked.push(request.url ?? "");
    const page = pages(files)[request.url ?? ""];
    response.writeHead(page ? 200 : 404, { "content-type": "text/html" }).end(page);
  });
  const [atFiles, atIndex] = [`files.test:${files}`, `index.test:${index}`];
  const network = openNetwork({
    userAllow: [],
    private: [atFiles, atIndex, `other.test:${files}`],
    names: { "files.test": ["127.0.0.1"], "other.test": ["127.0.0.1"], "index.test": ["127.0.0.1"] },
    registries: { pypi: hasIndex ? new URL(`http://${atIndex}/simple/`) : null },
    home: await temporaryDirectory(),
  });
  const [near, far] = duplexPair();
  const end = serveReverse(far, network.door("ann"));
  const session = http2.connect("http://runner", { createConnection: () => near });
  onTestFinished(async () => {
    session.destroy();
    end();
    await network.close();
  });
  const status = (headers: http2.OutgoingHttpHeaders) =>
    new Promise<number>((resolve) => {
      const stream = session.request(headers);
      stream.on("error", () => undefined);
      stream.once("response", (got) => {
        resolve(Number(got[":status"]));
        stream.close();
      });
    });
  const connect = (to: string) => status({ ":method": "CONNECT", ":authority": to });
  return { asked, files, atFiles, connect, get: (path: string) => status({ ":path": path }), network };
}

test("the host where the operator's index keeps its files may be reached, and is asked for once", async () => {
  const { connect, asked, atFiles } = await house((port) => ({
    "/simple/pip/": `<a href="http://files.test:${port}/pip-1.whl">pip-1.whl</a>`,
  }));
  expect(await Promise.all([connect(atFiles), connect(atFiles)])).toEqual([200, 200]);
  expect(await connect("elsewhere.test:443")).toBe(403);
  expect(asked).toEqual(["/simple/pip/"]);
});

test("a page of another project adds no host, and neither does an index that has no pip", async () => {
  const { connect, get, asked, files, atFiles } = await house((port) => ({
    "/simple/evil/": `<a href="http://other.test:${port}/evil-1.whl">evil-1.whl</a>`,
  }));
  expect(await get("/pypi/simple/evil/")).toBe(200);
  expect(await connect(`other.test:${files}`)).toBe(403);
  expect(await connect(atFiles)).toBe(403);
  // Once it said nothing it is left alone.
  expect(asked).toEqual(["/simple/evil/", "/simple/pip/"]);
});

test("where the network is switched off nothing is asked", async () => {
  const { connect, asked, atFiles, network } = await house(() => ({}));
  network.choice.enabled = false;
  expect(await connect(atFiles)).toBe(403);
  expect(asked).toEqual([]);
});

test("where the operator's machine names no index there is none, and nothing else breaks", async () => {
  const { connect, get, atFiles, asked } = await house(() => ({}), false);
  expect(await get("/pypi/simple/pip/")).toBe(503);
  expect(await connect(atFiles)).toBe(403);
  expect(asked).toEqual([]);
});
