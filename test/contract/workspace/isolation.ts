import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { AgentDirectory } from "#workspaces/workspace.ts";
import { hold, holds, type Platform, sh, smallSpec } from "./desk.ts";

export function isolationContract(platform: () => Platform): void {
  describe("isolation", () => {
    let held: HeldWorkspace;
    let other: HeldWorkspace;
    let agent: AgentDirectory;
    beforeAll(async () => {
      held = hold(platform().driver(), smallSpec());
      other = hold(platform().driver(), smallSpec());
      agent = held.agent("one");
      await other.agent("theirs").write("secret", "theirs alone");
    });
    afterAll(async () => {
      for (const each of [held, other]) {
        await each.down();
        each.letGo();
        await platform().driver().destroy(each.userId);
      }
    });
    const output = async (script: string) => (await agent.exec(sh(`{ ${script}; } 2>&1`))).stdout.trim();

    test("nobody in there is root, and no capability is left in any set", async () => {
      expect(Number(await output("id -u"))).toBeGreaterThan(0);
      const sets = await output("grep -h ^Cap /proc/self/status | cut -f2 | sort -u");
      expect(sets).toBe("0000000000000000");
      expect(await output("grep NoNewPrivs /proc/self/status")).toMatch(/1$/);
      const supervisor = await output("grep -h ^Cap /proc/$(pgrep -o node)/status | cut -f2 | sort -u");
      expect(supervisor).toBe("0000000000000000");
    });

    test("a program that would make one root does not", async () => {
      expect(await output("su -c id root < /dev/null || echo refused")).toContain("refused");
      expect(await output("mount -t tmpfs none /tmp || echo refused")).toContain("refused");
    });

    test("only the workspace and /tmp can be written to", async () => {
      const tried = await output(
        "for d in / $(find /bin /boot /dev /etc /home /lib* /media /mnt /opt /proc /root /run /sbin /srv /sys /tmp /usr /var /workspace -xdev -maxdepth 2 -type d 2>/dev/null); do touch $d/.try 2>/dev/null && echo $d; done | sort -u; true",
      );
      const places = tried
        .split("\n")
        .filter((line) => line !== "")
        .filter((line) => !/^\/(workspace|tmp|run)(\/|$)/.test(line) && line !== "/dev/shm");
      // Where agents are kept apart, of these no more than is their own.
      if (holds(platform(), "separation of agents"))
        expect(tried).not.toMatch(/^\/(workspace|run|workspace\/\.carrel.*)$/m);
      expect(places).toEqual([]);
      expect(await output("echo x >> /opt/carrel/bin/node || echo refused")).toContain("refused");
      expect(
        await output(
          'echo ok > "$HOME/.try" && echo ok > "$TMPDIR/.try" && echo ok > /tmp/.try && echo fine',
        ),
      ).toBe("fine");
    });

    test("there is no network but its own loopback", async () => {
      const listening = createServer((socket) => socket.end("the host's"));
      await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
      onTestFinished(() => void listening.close());
      const { port } = listening.address() as { port: number };
      expect(await output("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '")).toBe("lo");
      expect(await output(`(echo > /dev/tcp/127.0.0.1/${port}) && echo reached || echo refused`)).toContain(
        "refused",
      );
      expect(await output("(echo > /dev/tcp/1.1.1.1/53) && echo reached || echo refused")).toContain(
        "refused",
      );
      const own = `const s = require("node:net").createServer((c) => c.end("own")).listen(0, "127.0.0.1", () =>
        require("node:net").connect(s.address().port, "127.0.0.1").on("data", (d) => { console.log(String(d)); process.exit() }))`;
      expect((await agent.exec({ argv: ["node", "-e", own], timeoutMs: 10_000 })).stdout).toBe("own\n");
    });

    test("the platform refuses the way out in words", async () => {
      expect(JSON.parse(await output("curl -sS http://packages.example.org/"))).toMatchObject({
        error: "This workspace has no network at all.",
      });
    });

    test("the host's files, processes and sockets are not there", async () => {
      for (const path of [...platform().hostPaths, "/home", "/root", "/var/run/docker.sock", "/etc/shadow"]) {
        expect(await output(`ls -d '${path}' 2>/dev/null || echo absent`)).toBe("absent");
      }
      expect(Number(await output("ls -d /proc/[0-9]* | wc -l"))).toBeLessThan(12);
      expect(
        await output(
          `[ -e /proc/${process.pid} ] && tr '\\0' ' ' < /proc/${process.pid}/cmdline || echo absent`,
        ),
      ).not.toContain("vitest");
      expect(await output("cat /etc/passwd | wc -l")).toBe("3");
    });

    test("another user's workspace is not there", async () => {
      expect(await output(`find / -name '${other.userId}*' -not -path '/proc/*' 2>/dev/null`)).toBe("");
      expect(await output("cat /workspace/agent-theirs/secret || echo absent")).toContain("absent");
      expect((await other.agent("theirs").read("secret")).toString()).toBe("theirs alone");
    });

    test("nothing of the runner's environment gets in", async () => {
      process.env.CARREL_TEST_SECRET = "not for workspaces";
      onTestFinished(() => void delete process.env.CARREL_TEST_SECRET);
      const { stdout } = await agent.exec(sh("cat /proc/[0-9]*/environ 2>/dev/null | tr '\\0' '\\n'"));
      expect(stdout).not.toContain("not for workspaces");
      expect(stdout).not.toContain("DATABASE_URL");
    });

    test("languages are those that can be started in there", async () => {
      await held.up();
      expect(held.languages).toMatchObject({ javascript: process.versions.node, bash: expect.any(String) });
      for (const version of Object.values(held.languages)) expect(version).toMatch(/^\d+\.\d+/);
    });
  });
}
