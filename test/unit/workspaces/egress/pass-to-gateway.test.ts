import http2, { type ClientHttp2Session } from "node:http2";
import net, { type AddressInfo } from "node:net";
import { duplexPair } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import { type ReverseDoor, serveReverse } from "#workspaces/link/serve-reverse.ts";
import { openNetwork } from "../../../support/open-network.ts";

/** Says `answer` to every connection, and keeps what came over each. */
async function listener(answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi") {
  const heard: string[] = [];
  const server = net.createServer((socket) => {
    const index = heard.push("") - 1;
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      heard[index] += chunk.toString();
      if (/^(GET|HEAD) [\s\S]*\r\n\r\n$|\r\n0\r\n\r\n$/.test(heard[index] as string)) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, heard };
}

function workspace(door: ReverseDoor): ClientHttp2Session {
  const [near, far] = duplexPair();
  const end = serveReverse(far, door);
  const session = http2.connect("http://runner", { createConnection: () => near });
  onTestFinished(() => {
    session.destroy();
    end();
  });
  return session;
}

function network(gatewayPort: number) {
  const opened = openNetwork({ names: {}, gatewayUrl: `http://127.0.0.1:${gatewayPort}/` });
  onTestFinished(() => opened.close());
  return opened;
}

async function ask(session: ClientHttp2Session, path: string, method = "GET", body?: string) {
  const headers = { ":method": method, ":path": path, authorization: "Bearer mine" };
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const status = new Promise<number>((resolve, reject) => {
    stream.once("response", (got) => resolve(Number(got[":status"])));
    stream.once("error", reject);
  });
  stream.resume();
  return status;
}

describe("a call to the model gateway", () => {
  test("reaches the gateway and nothing else, whatever its path says", async () => {
    const [gateway, canary] = [await listener(), await listener()];
    const session = workspace(network(gateway.port).door("user"));
    const there = `127.0.0.1:${canary.port}`;
    const paths = [`//${there}/v1/x`, `/\\${there}/v1/x`, `/v1/\\${there}/x`, `http://${there}/v1/x`];
    const others = ["/", "/metrics", "/v1", "/v1/../metrics", "/v1/%2e%2E/metrics", "/v1//x", "/v1/x#y"];
    for (const path of [...paths, ...others]) {
      expect(await ask(session, `/models${path}`), path).toBe(404);
      expect(await ask(session, `/models${path}`, "POST", "{}"), path).toBe(404);
    }
    expect([gateway.heard, canary.heard]).toEqual([[], []]);
    expect(await ask(session, "/models/v1/models?after=//x")).toBe(200);
    expect(await ask(session, "/models/v1/messages", "POST", "{}")).toBe(200);
    expect(gateway.heard[0]).toMatch(/^GET \/v1\/models\?after=\/\/x HTTP\/1\.1\r\n/);
    expect(gateway.heard[1]).toMatch(/\r\n\r\n2\r\n\{\}\r\n0\r\n\r\n$/);
    expect(canary.heard).toEqual([]);
  });

  test("what one workspace sends is never before another's call", async () => {
    const gateway = await listener();
    const { door } = network(gateway.port);
    const [hostile, neighbour] = [workspace(door("hostile")), workspace(door("neighbour"))];
    const smuggled = "GET /v1/smuggled HTTP/1.1\r\nhost: x\r\n\r\n";
    for (const method of ["GET", "HEAD"]) {
      expect(await ask(hostile, "/models/v1/models", method, smuggled)).toBe(400);
      expect(await ask(hostile, "/models/v1/models", method)).toBe(200);
    }
    for (const method of ["DELETE", "OPTIONS", "PUT", "TRACE"])
      expect(await ask(hostile, "/models/v1/models", method, smuggled), method).toBe(405);
    expect(gateway.heard.join("")).not.toContain("smuggled");
    // As the body of a POST it is framed as one.
    expect(await ask(hostile, "/models/v1/messages", "POST", smuggled)).toBe(200);
    const framed = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`;
    expect(gateway.heard.at(-1)).toMatch(/\r\ntransfer-encoding: chunked\r\n/i);
    expect(gateway.heard.at(-1)?.endsWith(`\r\n\r\n${framed}`)).toBe(true);
    const before = gateway.heard.length;
    expect(await ask(neighbour, "/models/v1/models")).toBe(200);
    // A connection of its own, with nothing on it but this.
    expect(gateway.heard).toHaveLength(before + 1);
    expect(gateway.heard.at(-1)?.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test.each([
    ["status 600", "HTTP/1.1 600 Odd\r\ncontent-length: 0\r\n\r\n"],
    ["status 101", "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"],
    ["no HTTP", "hello\r\n\r\n"],
  ])("an answer that cannot be passed on (%s) refuses that call alone", async (_, answer) => {
    const odd = await listener(answer);
    const session = workspace(network(odd.port).door("user"));
    expect(await ask(session, "/models/v1/models")).toBe(502);
    expect(await ask(session, "/models//[")).toBe(404);
    expect(await ask(session, "/nothing/x")).toBe(404);
  });

  test.each<[string, ReverseDoor]>([
    ["throws", () => void new URL("//[")],
    ["rejects", () => Promise.reject(new Error("broken"))],
  ])("a door that %s refuses the call and leaves the link", async (_, door) => {
    const session = workspace(door);
    expect(await ask(session, "/x")).toBe(502);
    expect(await ask(session, "/y")).toBe(502);
  });
});
