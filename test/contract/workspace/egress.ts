import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import http, { type RequestListener } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { HANDOVER } from "#workspaces/workspace.ts";
import { type OpenNetwork, openNetwork } from "../../support/open-network.ts";
import { holdOpen, PATIENCE, type Platform, sh, smallSpec } from "./desk.ts";

const MiB = 1024 * 1024;

/** Names that end in .test lead to servers of the test on this machine's loopback, as its resolver says. */
export function egressContract(platform: () => Platform): void {
  describe("the way out", () => {
    let held: HeldWorkspace;
    let network: OpenNetwork;
    let site: http.Server;
    let secure: https.Server;
    let directory = "";
    let plainPort = 0;
    let securePort = 0;
    const seen: string[] = [];

    const answer: RequestListener = (request, response) => {
      seen.push(`${request.headers.host}${request.url}`);
      if (request.url === "/large") return void response.end(Buffer.alloc(8 * MiB, 7));
      if (request.url === "/echo") return void request.pipe(response);
      response.end(`this is ${request.headers.host}\n`);
    };

    beforeAll(async () => {
      directory = await mkdtemp(path.join(tmpdir(), "carrel-egress-"));
      const subject = ["-subj", "/CN=allowed.test", "-addext", "subjectAltName=DNS:allowed.test"];
      const files = ["-keyout", `${directory}/key.pem`, "-out", `${directory}/cert.pem`];
      await promisify(execFile)("openssl", [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"],
        ...subject,
        ...files,
      ]);
      const cert = await readFile(`${directory}/cert.pem`);
      site = http.createServer(answer);
      secure = https.createServer({ key: await readFile(`${directory}/key.pem`), cert }, answer);
      for (const server of [site, secure])
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      plainPort = (site.address() as AddressInfo).port;
      securePort = (secure.address() as AddressInfo).port;
      network = openNetwork({
        allow: [`allowed.test:${plainPort}`, `allowed.test:${securePort}`, `inside.test:${plainPort}`],
        private: [`allowed.test:${plainPort}`, `allowed.test:${securePort}`, `added.test:${plainPort}`],
        userAllow: ["*.test:*", "127.0.0.1:*"],
        names: {
          "allowed.test": ["127.0.0.1"],
          "added.test": ["127.0.0.1"],
          "inside.test": ["127.0.0.1"],
        },
      });
      held = holdOpen(platform().driver(), smallSpec(), network);
      await held.agent("one").write("ca.pem", cert);
    });
    afterEach(() => {
      network.choice.enabled = true;
      network.choice.allow = [];
      seen.length = 0;
    });
    afterAll(async () => {
      await held.down();
      held.letGo();
      await network.close();
      await platform().driver().destroy(held.userId);
      for (const server of [site, secure]) {
        server.close();
        server.closeAllConnections();
      }
      await rm(directory, { recursive: true, force: true });
    });

    const run = async (script: string) => {
      const { stdout, stderr, exitCode } = await held.agent("one").exec(sh(`{ ${script}; } 2>&1`, 60_000));
      return { said: stdout + stderr, exitCode };
    };
    const allowed = () => `http://allowed.test:${plainPort}`;
    const last = () => network.records(held.userId).at(-1);

    test("curl reaches an allowed host, plain and encrypted, unchanged", async () => {
      expect(await run(`curl -sS ${allowed()}/`)).toEqual({
        said: `this is allowed.test:${plainPort}\n`,
        exitCode: 0,
      });
      expect(await run(`curl -sS --cacert ca.pem https://allowed.test:${securePort}/`)).toEqual({
        said: `this is allowed.test:${securePort}\n`,
        exitCode: 0,
      });
      await expect
        .poll(last, PATIENCE)
        .toMatchObject({ agentId: "one", host: "allowed.test", port: securePort, outcome: "closed" });
    });

    test("Node's own fetch and Python's urllib go the same way", async () => {
      const fetched = `node -e 'fetch("${allowed()}/").then((r) => r.text()).then((t) => console.log(t.trim()))'`;
      expect((await run(fetched)).said).toContain(`this is allowed.test:${plainPort}\n`);
      const opened = `import urllib.request as r; print(r.urlopen("${allowed()}/").read().decode().strip())`;
      expect((await run(`/usr/bin/python3 -c '${opened}'`)).said).toBe(`this is allowed.test:${plainPort}\n`);
    });

    test("much goes both ways whole, and is counted", async () => {
      expect((await run(`curl -sS ${allowed()}/large | wc -c`)).said).toBe(`${8 * MiB}\n`);
      await expect.poll(() => last()?.bytesIn ?? 0, PATIENCE).toBeGreaterThan(8 * MiB);
      const upload = `head -c ${8 * MiB} /dev/urandom > up; curl -sS -T up --cacert ca.pem https://allowed.test:${securePort}/echo | cmp - up && echo same`;
      expect((await run(upload)).said).toBe("same\n");
      await expect.poll(() => last()?.bytesOut ?? 0, PATIENCE).toBeGreaterThan(8 * MiB);
    });

    test("a host that is not listed is refused in words that say who can change it", async () => {
      const { said, exitCode } = await run(`curl -sS http://elsewhere.test:${plainPort}/`);
      expect(JSON.parse(said)).toMatchObject({
        error: `elsewhere.test:${plainPort} was refused: it is not on the allow-list of this workspace; its owner can add it (Workspace > Network)`,
        reason: "not_listed",
      });
      expect(exitCode).toBe(0);
      const tunnelled = await run(`curl -sSv https://elsewhere.test/`);
      expect(tunnelled.said).toMatch(
        /< HTTP\/1.1 403 elsewhere\.test:443 was refused: .*its owner can add it/,
      );
      expect(tunnelled.exitCode).not.toBe(0);
      expect(seen).toEqual([]);
      await expect
        .poll(last, PATIENCE)
        .toMatchObject({ outcome: "refused", reason: "not_listed", host: "elsewhere.test" });
      expect((await run(`curl -sS ${allowed()}/`)).said).toContain("this is");
    });

    test("what its owner adds is reached, and no longer when it is taken away", async () => {
      const added = `curl -sS http://added.test:${plainPort}/`;
      expect((await run(added)).said).toContain("was refused");
      network.choice.allow = [`added.test:${plainPort}`];
      expect((await run(added)).said).toBe(`this is added.test:${plainPort}\n`);
      network.choice.allow = [];
      expect((await run(added)).said).toContain("was refused");
    });

    test("a name that leads to this machine is refused although it is listed", async () => {
      const { said } = await run(`curl -sS http://inside.test:${plainPort}/`);
      expect(JSON.parse(said)).toMatchObject({ reason: "not_public" });
      expect(said).toContain(`EGRESS_ALLOW_PRIVATE=inside.test:${plainPort}`);
      // The very server answers under the name that the operator gave.
      expect((await run(`curl -sS ${allowed()}/`)).said).toContain("this is");
    });

    test("an address of this machine is refused however it is written", async () => {
      network.choice.allow = [`127.0.0.1:${plainPort}`];
      for (const host of ["127.0.0.2", "2130706433", "0x7f.1", "0177.0.0.1", "[::ffff:7f00:1]", "[::1]"]) {
        const sent = `CONNECT ${host}:${plainPort} HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n`;
        const { said } = await run(
          `exec 3<>/dev/tcp/127.0.0.1/3128; printf '${sent}' >&3; timeout 5 head -n 1 <&3`,
        );
        expect(said, host).toMatch(/^HTTP\/1\.1 403 /);
      }
      expect(seen).toEqual([]);
    });

    test("while something is on its way out it is in use: neither paused nor stopped for its rest", async () => {
      const agent = held.agent("one");
      const script = `exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT allowed.test:${plainPort} HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3 >/dev/null`;
      const left = new AbortController();
      const running = agent.run("outward", sh(script, 600_000), () => undefined, left.signal);
      await expect.poll(() => last()?.outcome, PATIENCE).toBe("open");
      // Nobody listens to it any more: only the connection is left.
      left.abort(HANDOVER);
      await expect(running).rejects.toThrow();
      expect(held.idleMs).toBe(0);
      expect(await held.pause(0)).toBe(false);
      expect(await held.rest(0)).toBe(false);
      network.choice.enabled = false;
      await network.broker.recheck();
      await expect.poll(() => last()?.outcome, PATIENCE).toBe("closed");
      await expect.poll(() => held.idleMs, PATIENCE).toBeGreaterThan(0);
    });

    test("switched off, nothing passes, and what is open ends", async () => {
      const held3 = run(
        `exec 3<>/dev/tcp/127.0.0.1/3128; printf 'CONNECT allowed.test:${plainPort} HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3; echo ended`,
      );
      await expect.poll(() => last()?.outcome, PATIENCE).toBe("open");
      network.choice.enabled = false;
      await network.broker.recheck();
      expect((await held3).said).toMatch(/^HTTP\/1\.1 200 [^\n]*\n\r\nended\n$/);
      const { said } = await run(`curl -sS ${allowed()}/`);
      expect(JSON.parse(said)).toMatchObject({ reason: "switched_off" });
      network.choice.enabled = true;
      expect((await run(`curl -sS ${allowed()}/`)).said).toContain("this is");
    });
  });
}
