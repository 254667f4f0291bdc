import { once } from "node:events";
import { rm, symlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { hold, holds, type Platform, sh, smallSpec } from "./desk.ts";

/** Users' code that tries to get out, or to take what is others'. After each attack the neighbour must be as before. */
export function attackContract(platform: () => Platform): void {
  describe("attacks", () => {
    let neighbour: HeldWorkspace;
    let neighbourPid: string;
    let kills: number | null;
    beforeAll(async () => {
      neighbour = desk();
      const agent = neighbour.agent("calm");
      await agent.write("file", "mine");
      neighbourPid = (await agent.exec(sh("stat -c %Z /proc/1"))).stdout;
      kills = await neighbour.outOfMemoryKills();
      return async () => {
        neighbour.letGo();
        await platform().driver().destroy(neighbour.userId);
      };
    });
    afterEach(async () => {
      const agent = neighbour.agent("calm");
      expect((await agent.read("file")).toString()).toBe("mine");
      // The very same life of it, and nothing of it was killed.
      expect((await agent.exec(sh("stat -c %Z /proc/1"))).stdout).toBe(neighbourPid);
      expect(await neighbour.outOfMemoryKills()).toBe(kills);
    });

    function desk(limits: Partial<ReturnType<typeof smallSpec>> = {}): HeldWorkspace {
      return hold(platform().driver(), { ...smallSpec(), ...limits });
    }

    function attacker(limits: Partial<ReturnType<typeof smallSpec>> = {}): HeldWorkspace {
      const held = desk(limits);
      onTestFinished(async () => {
        held.letGo();
        await platform().driver().destroy(held.userId);
      });
      return held;
    }

    const python = (code: string, timeoutMs = 20_000) => ({
      argv: ["/usr/bin/python3", "-c", code],
      timeoutMs,
    });

    test("whoever holds the supervisor's own socket with silent connections holds it for a moment", async () => {
      const agent = attacker().agent("one");
      const code = `
import socket
held, refused = [], 0
for _ in range(300):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(15)
    try:
        s.connect("/run/carrel/supervisor.sock")
        held.append(s)
    except PermissionError:
        refused += 1
def over(s):
    try:
        return s.recv(1) == b""
    except ConnectionResetError:
        return True
print(len(held) + refused, all(over(s) for s in held))`;
      // Where the host can keep agents from the socket altogether, none of them was held at all.
      expect((await agent.exec(python(code, 60_000))).stdout).toBe("300 True\n");
      expect((await agent.exec(sh("echo goes on"))).stdout).toBe("goes on\n");
    });

    test("the kernel's switches in /proc and /sys cannot be turned", async () => {
      const agent = attacker().agent("one");
      const { stdout } = await agent.exec(
        sh(`for at in /proc/sysrq-trigger /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sys/vm/drop_caches \\
          /proc/irq/0/smp_affinity /proc/acpi /proc/scsi /sys/kernel/uevent_helper /sys/power/state \\
          $(find /sys -name memory.limit_in_bytes -o -name memory.max -o -name pids.max -o -name cgroup.procs -o -name release_agent 2>/dev/null | head -40); do
          (echo 1 > $at) 2>/dev/null && echo "wrote $at"; done; true`),
      );
      expect(stdout).toBe("");
      // The same way of asking finds what may be written: the positive control.
      expect((await agent.exec(sh("(echo 1 > /dev/null) 2>/dev/null && echo wrote"))).stdout).toBe("wrote\n");
    });

    test("no mount, no other name space, no other root, no device, no key ring of others", async () => {
      const { stdout } = await attacker()
        .agent("one")
        .exec(
          sh(`for try in "mount -t tmpfs none /tmp" "mount --bind / /tmp" "mount -t proc none /tmp" "umount /proc" \\
            "unshare -m true" "unshare -n true" "unshare -p -f true" "chroot / true" "mknod /tmp/d b 8 0" "mknod /tmp/c c 1 1" \\
            "nsenter -t 1 -m true" "chown 0 /tmp" "hostname other" "dmesg" "swapoff -a" "insmod x" "reboot -f" "date -s 2000-01-01"; do
            $try >/dev/null 2>&1 && echo "did $try"; done; true`),
        );
      expect(stdout).toBe("");
    });

    test("as root of a user namespace of its own it gets no further", async () => {
      const { stdout } = await attacker()
        .agent("one")
        .exec(
          sh(`unshare -Ur sh -c 'mount -t tmpfs none /tmp && echo mounted; mknod /tmp/d b 8 0 && echo device; chown 1 /workspace && echo chowned;
            echo x > /usr/x && echo wrote; ip link set lo down && echo network; true' 2>/dev/null; true`),
        );
      expect(stdout).toBe("");
    });

    test("memory: a hog is killed, once and again, and others keep theirs", async () => {
      const held = attacker();
      for (let round = 0; round < 3; round++) {
        const hog = python(
          "import os\nfor _ in range(3): os.fork()\nx = bytearray(400 << 20)\nprint(len(x))",
        );
        expect((await held.agent("one").exec(hog)).exitCode).not.toBe(0);
      }
      expect((await held.agent("one").exec(sh("echo lives"))).stdout).toBe("lives\n");
    });

    test("memory: what lies in /tmp and shared memory counts, too", async () => {
      const held = attacker();
      const fill = "head -c 300000000 /dev/zero > /tmp/one; head -c 300000000 /dev/zero > /dev/shm/two; true";
      await held.agent("one").exec(sh(fill, 30_000));
      const size = "cat /tmp/one /dev/shm/two 2>/dev/null | wc -c";
      const { stdout } = await held.agent("two").exec(sh(`${size}; rm -f /tmp/one /dev/shm/two`, 30_000));
      expect(Number(stdout)).toBeLessThan(256 * 1024 * 1024);
      expect((await held.agent("one").exec(sh("echo lives"))).stdout).toBe("lives\n");
    });

    test("processes: no more than the limit can be made", async () => {
      if (!holds(platform(), "number of processes")) return;
      const held = attacker({ processes: 64 });
      const fork = `
import os, time
made = 0
try:
    while made < 500:
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        made += 1
except OSError:
    pass
print(made)`;
      const made = Number((await held.agent("one").exec(python(fork))).stdout);
      expect(made).toBeGreaterThan(10);
      expect(made).toBeLessThan(64);
      expect((await held.agent("one").exec(sh("echo lives"))).stdout).toBe("lives\n");
    });

    test("processors: whoever spins gets its share and no more", async () => {
      if (!holds(platform(), "share of the processors")) return;
      const held = attacker({ cpus: 0.5 });
      await held.up();
      const driver = platform().driver();
      const used = async () => (await driver.stats(held.userId)).cpuSeconds ?? Number.NaN;
      const [before, began] = [await used(), performance.now()];
      await held.agent("one").exec(sh("for i in 1 2 3 4; do (while :; do :; done) & done; sleep 60", 2_500));
      const seconds = (performance.now() - began) / 1000;
      expect((await used()) - before).toBeGreaterThan(0);
      // The kernel counts in periods of 100 ms; one of them may be over.
      expect((await used()) - before).toBeLessThan(0.5 * seconds * 1.1 + 0.2);
    });

    test("open files: one leak ends at the limit of its own process", async () => {
      const held = attacker({ openFiles: 200 });
      const leak = `
kept = []
try:
    while len(kept) < 100000: kept.append(open("/dev/null"))
except OSError as error: print(len(kept), error.errno)`;
      const [count, errno] = (await held.agent("one").exec(python(leak))).stdout
        .trim()
        .split(" ")
        .map(Number);
      expect(count).toBeGreaterThan(150);
      expect(count).toBeLessThan(200);
      expect(errno).toBe(24);
      expect((await held.agent("one").exec(sh("echo lives"))).stdout).toBe("lives\n");
    });

    test("the disk: full is full, is said, and is over when something is removed", async () => {
      if (!holds(platform(), "size of the disk")) return;
      const held = attacker({ diskBytes: 96 * 1024 * 1024 });
      const agent = held.agent("one");
      const piece = "head -c 20000000 /dev/urandom > piece";
      const { stderr } = await agent.exec(sh(`for i in 1 2 3 4 5 6 7; do ${piece}$i || break; done`, 60_000));
      expect(stderr).toMatch(/No space left/);
      await expect(agent.write("more", Buffer.alloc(20_000_000, 1))).rejects.toMatchObject({
        code: "limit_reached",
      });
      expect(await held.diskBytes()).toBeLessThanOrEqual(96 * 1024 * 1024);
      await agent.exec(sh("rm -f piece*"));
      await agent.write("more", Buffer.alloc(20_000_000, 1));
      expect((await agent.read("more")).length).toBe(20_000_000);
    });

    test("sparse files and a bomb of archives take no more than the disk has", async () => {
      if (!holds(platform(), "size of the disk")) return;
      const held = attacker({ diskBytes: 96 * 1024 * 1024 });
      const agent = held.agent("one");
      await agent.exec(sh("head -c 400000000 /dev/zero | gzip -1 > bomb.gz", 60_000));
      const { exitCode } = await agent.exec(sh("gunzip -k bomb.gz", 60_000));
      expect(exitCode).not.toBe(0);
      expect((await agent.exec(sh("rm -f bomb; echo lives"))).stdout).toBe("lives\n");
    });

    test("a flood of output is cut, and costs the runner no more than what it keeps", async () => {
      const before = process.memoryUsage().rss;
      const result = await attacker()
        .agent("one")
        .exec({ ...sh("yes flood", 2_000), outputLimit: 100_000 });
      expect(result).toMatchObject({ timedOut: true, truncated: true });
      expect(result.stdout.length).toBe(100_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    });

    test("a link to a socket of the host in the place of its own leads nowhere", async () => {
      const bait = path.join(tmpdir(), `carrel-bait-${process.pid}.sock`);
      let visits = 0;
      const server = createServer((socket) => {
        visits += 1;
        socket.destroy();
      });
      await new Promise<void>((resolve) => server.listen(bait, resolve));
      onTestFinished(async () => {
        server.close();
        await rm(bait, { force: true });
      });
      const held = attacker();
      await held.up();
      const lay = `rm supervisor.sock; ln -s ${bait} supervisor.sock; readlink supervisor.sock`;
      expect(await platform().outside(held.userId, lay)).toBe(`${bait}\n`);
      const dialled = await platform()
        .driver()
        .dial(held.userId, "F")
        .catch((error: Error) => error);
      // On this host it is refused; by an exec stream the link leads to what the workspace has there: nothing.
      if (dialled instanceof Error) expect(dialled).toMatchObject({ code: "unavailable" });
      else await once(dialled.resume(), "close");
      expect(visits).toBe(0);
      // The bait works: through the link, as a naive runner would go.
      const naive = `${bait}.link`;
      await symlink(bait, naive);
      onTestFinished(() => rm(naive, { force: true }));
      await new Promise((resolve) => connect(naive).on("close", resolve).on("error", resolve));
      expect(visits).toBe(1);
    });
  });
}
