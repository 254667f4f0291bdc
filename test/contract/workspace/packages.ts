import { mkdtemp, rm } from "node:fs/promises";
import type http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { portOf } from "#workspaces/egress/operator-rules.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { gitHost } from "../../support/git-host.ts";
import { machineRegistry } from "../../support/machine-registry.ts";
import { type OpenNetwork, openNetwork } from "../../support/open-network.ts";
import { pythonIndex, wheel } from "../../support/python-index.ts";
import { holdOpen, type Platform, sh, smallSpec } from "./desk.ts";

const MiB = 1024 * 1024;
const ENOUGH = { memoryBytes: 1024 * MiB, processes: 256 };
const INDEXES = [
  ["in HTML", false],
  ["in JSON", true],
] as const;

/** The programs that people use, unchanged, against the machine's npm registry, an index and a git host of the test. */
export function packagesContract(platform: () => Platform): void {
  describe("packages and repositories", () => {
    let home = "";
    let network: OpenNetwork;
    let git: http.Server;
    let gitPort = 0;
    const index = pythonIndex(
      { greeting: wheel("greeting", "1.0", "def hello():\n    return 'hello from a wheel'\n") },
      { json: false },
    );
    const helds: HeldWorkspace[] = [];
    const listen = async (server: http.Server) => {
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    };

    beforeAll(async () => {
      home = await mkdtemp(path.join(tmpdir(), "carrel-packages-"));
      git = await gitHost(home);
      gitPort = await listen(git);
      const indexPort = await listen(index.server);
      const npm = await machineRegistry();
      const named = [`${npm.hostname}:${portOf(npm)}`, `index.test:${indexPort}`, `git.test:${gitPort}`];
      network = openNetwork({
        allow: named,
        // The machine's registry may be a mirror.
        private: named,
        names: { "index.test": ["127.0.0.1"], "git.test": ["127.0.0.1"] },
        registries: { npm, pypi: new URL(`http://index.test:${indexPort}/simple/`) },
        home,
      });
    });
    afterAll(async () => {
      for (const held of helds) {
        await held.down();
        held.letGo();
        await platform().driver().destroy(held.userId);
      }
      await network.close();
      for (const server of [git, index.server]) {
        server.close();
        server.closeAllConnections();
      }
      await rm(home, { recursive: true, force: true });
    });

    const newcomer = () => {
      const held = holdOpen(platform().driver(), { ...smallSpec(), ...ENOUGH }, network);
      helds.push(held);
      return {
        userId: held.userId,
        async run(script: string) {
          const { stdout, exitCode } = await held.agent("one").exec(sh(`{ ${script}; } 2>&1`, 180_000));
          return { said: stdout, exitCode };
        },
      };
    };

    test("npm install works unchanged, and a lockfile names the real registry", {
      timeout: 240_000,
    }, async () => {
      const { run, userId } = newcomer();
      const installed = await run("npm init -y > /dev/null && npm install ms@2.1.3 semver@7.7.2 @types/ms");
      expect(installed.said).toMatch(/added \d+ packages/);
      expect((await run(`node -p 'require("ms")("2 days")'`)).said).toBe("172800000\n");
      expect((await run("cat package-lock.json")).said).not.toContain("127.0.0.1");
      // From the lockfile alone, with nothing of npm's own cache.
      const again = await run("rm -rf node_modules ~/.npm && npm ci && ls node_modules");
      expect(again.said).toContain("semver");
      await expect
        .poll(() => network.records(userId).map(({ reason }) => reason), { timeout: 10_000 })
        .toContain("packages");
    });

    test("npm says who refused a registry that is not allowed", { timeout: 120_000 }, async () => {
      const { run } = newcomer();
      for (const registry of ["http://elsewhere.test:8080/", "https://elsewhere.test/"]) {
        const { said, exitCode } = await run(`npm install --fetch-retries=0 --registry ${registry} ms`);
        expect(exitCode).not.toBe(0);
        expect(said).toMatch(/elsewhere\.test:\d+ was refused: it is not on the allow-list/);
      }
    });

    test.each(INDEXES)("pip install works unchanged from an index %s", async (_, json) => {
      index.options.json = json;
      const { run } = newcomer();
      expect((await run("command -v pip3 || echo none")).said).not.toBe("none\n");
      expect(await run("pip3 install -q greeting && echo installed")).toMatchObject({
        said: expect.stringContaining("installed\n"),
        exitCode: 0,
      });
      expect((await run(`/usr/bin/python3 -c 'import greeting; print(greeting.hello())'`)).said).toBe(
        "hello from a wheel\n",
      );
    });

    test("pip says who refused an index that is not allowed", { timeout: 120_000 }, async () => {
      const { run } = newcomer();
      const { said, exitCode } = await run(
        "pip3 install --retries 1 --index-url https://elsewhere.test/simple/ greeting",
      );
      expect(exitCode).not.toBe(0);
      expect(said).toContain("403 elsewhere.test:443 was refused: it is not on the allow-list");
    });

    test("git clones and pushes through it, and says that a host was refused", {
      timeout: 120_000,
    }, async () => {
      const { run } = newcomer();
      const url = `http://git.test:${gitPort}/project.git`;
      const me = "-c user.name=me -c user.email=me@example.org";
      const pushed = await run(
        `git clone -q ${url} a && cd a && echo text > file && git add file && git ${me} commit -qm first && git push -q origin HEAD:main && echo pushed`,
      );
      expect(pushed.said).toContain("pushed\n");
      expect((await newcomer().run(`git clone -q ${url} b && cat b/file`)).said).toBe("text\n");
      const refused = await run("git clone https://elsewhere.test/project.git c");
      expect(refused.said).toMatch(/CONNECT.* 403/);
      expect(refused.exitCode).not.toBe(0);
    });

    test("what one user installed, the next one gets without asking the registry for it", async () => {
      const { run } = newcomer();
      index.served.length = 0;
      expect((await run("pip3 install -q greeting && echo installed")).said).toContain("installed\n");
      expect(index.served).toEqual([]);
    });
  });
}
