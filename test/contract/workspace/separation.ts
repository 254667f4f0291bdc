import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { HANDOVER } from "#workspaces/workspace.ts";
import { hold, holds, PATIENCE, type Platform, sh, smallSpec } from "./desk.ts";

// Each line: what is tried, and the word that is said when it went well. Of process $P, whose directory is $D.
const ON_A_PROCESS = `
import ctypes, os, signal, socket, sys
pid, files = int(sys.argv[1]), sys.argv[2]
libc = ctypes.CDLL(None, use_errno=True)
def attempt(word, what):
    try:
        if what() is not False: print(word)
    except OSError: pass
proc = f"/proc/{pid}/"
attempt("environ", lambda: b"TOKEN" in open(proc + "environ", "rb").read())
attempt("mem", lambda: open(proc + "mem", "rb").close())
attempt("maps", lambda: len(open(proc + "maps").read()) > 0)
attempt("fd", lambda: os.readlink(proc + "fd/3"))
attempt("file by fd", lambda: open(proc + "fd/3").read(1))
attempt("cwd", lambda: os.listdir(proc + "cwd"))
attempt("root", lambda: open(proc + "root" + files + "/secret").read(1))
attempt("exe", lambda: os.readlink(proc + "exe"))
attempt("signal 0", lambda: os.kill(pid, 0))
attempt("signal", lambda: os.kill(pid, signal.SIGURG))
attempt("pidfd", lambda: signal.pidfd_send_signal(os.pidfd_open(pid), signal.SIGURG))
attempt("queue", lambda: libc.sigqueue(pid, signal.SIGURG, 0) == 0)
attempt("abstract socket", lambda: socket.socket(socket.AF_UNIX).connect("\\0" + files))
class Piece(ctypes.Structure): _fields_ = [("at", ctypes.c_void_p), ("length", ctypes.c_size_t)]
start = int(open("/proc/self/maps").read().split("-")[0], 16)
def copy():
    here, text = ctypes.create_string_buffer(8), open(proc + "maps").read()
    there = Piece(int(text.split("-")[0], 16), 8)
    return libc.process_vm_readv(pid, ctypes.byref(Piece(ctypes.addressof(here), 8)), 1, ctypes.byref(there), 1, 0) == 8
attempt("process_vm_readv", copy)
def attach():
    if libc.ptrace(16, pid, None, None) != 0: return False
    os.waitpid(pid, 0x40000000)
    return libc.ptrace(17, pid, None, None) == 0
attempt("ptrace", attach)
`;

const ON_FILES = `
cat "$D/secret" >/dev/null && echo read
ls "$D" >/dev/null && echo list
echo x >> "$D/secret" && echo append
(: > "$D/new") && echo make
python3 -c 'import os, sys; os.truncate(sys.argv[1], 3)' "$D/secret" && echo truncate
mkdir "$D/made" && echo mkdir
ln -s x "$D/link" && echo link
ln "$D/secret" "$D/hard" && echo "hard link"
mv "$D/secret" "$D/other" && mv "$D/other" "$D/secret" && echo rename
cp /bin/true "$D/program" && "$D/program" && echo execute
rm "$D/removable" && echo remove
true`;

/** Agents of one user, in one workspace: neither reads, changes, disturbs or starves another. */
export function separationContract(platform: () => Platform): void {
  describe("separation of agents", () => {
    let held: HeldWorkspace;
    const pids: Record<string, number> = {};
    const over = new AbortController();
    const kept = () => holds(platform(), "separation of agents");

    beforeAll(async () => {
      held = hold(platform().driver(), smallSpec());
      for (const name of ["one", "two"]) {
        const agent = held.agent(name);
        for (const file of ["secret", "removable"]) await agent.write(file, `${name}'s own`);
        await agent.exec(sh('echo x > "$TMPDIR/temporary"'));
        const server = `import os, socket, time; s = socket.socket(socket.AF_UNIX); s.bind("\\0" + os.getcwd()); s.listen(); print(os.getpid(), flush=True); time.sleep(600)`;
        const script = sh(`exec 3< secret; exec /usr/bin/python3 -c '${server}'`, 600_000);
        pids[name] = await new Promise<number>((resolve, reject) => {
          const spec = { ...script, env: { TOKEN: `${name}'s token` } };
          agent.run("stays", spec, ({ text }) => resolve(Number(text)), over.signal).catch(reject);
        });
      }
    });
    afterAll(async () => {
      over.abort(HANDOVER);
      held.letGo();
      await platform().driver().destroy(held.userId);
    });

    const did = async (spec: ReturnType<typeof sh>) =>
      (await held.agent("one").exec(spec)).stdout.split("\n").filter((line) => line !== "");
    const onProcess = (of: string) =>
      did({
        argv: ["/usr/bin/python3", "-c", ON_A_PROCESS, String(pids[of]), `/workspace/agent-${of}`],
        timeoutMs: 20_000,
      });

    test("a process of another agent cannot be read, traced, signalled or entered; one of its own can", async () => {
      if (!kept()) return;
      const own = await onProcess("one");
      expect(own).toEqual(
        expect.arrayContaining([
          "environ",
          "mem",
          "maps",
          "fd",
          "file by fd",
          "cwd",
          "root",
          "signal",
          "abstract socket",
        ]),
      );
      const all = holds(platform(), "signals between agents");
      const signals = ["signal 0", "signal", "pidfd", "queue", "abstract socket"];
      expect((await onProcess("two")).filter((word) => all || !signals.includes(word))).toEqual([]);
      // The other one is as it was.
      expect((await held.agent("two").exec(sh(`kill -0 ${pids.two} && echo lives`))).stdout).toBe("lives\n");
    });

    test("another agent's directory, temporary files and journal cannot be read, listed or changed; its own can", async () => {
      if (!kept()) return;
      const on = (directory: string) => did({ ...sh(`D=${directory}\n${ON_FILES}`), env: {} } as never);
      expect(await on("/workspace/agent-one")).toHaveLength(11);
      expect(await on("/workspace/agent-two")).toEqual([]);
      expect((await held.agent("two").read("secret")).toString()).toBe("two's own");
      const places =
        "/workspace /workspace/.tmp /workspace/.tmp/two /workspace/.carrel /workspace/.carrel/journal/two /run/carrel";
      const others = `for at in ${places}; do ls $at && echo listed; (: > $at/new) && echo made; mv $at $at-away && echo moved; rm -rf $at && echo removed; done
        mkdir /workspace/new && echo made; cat /workspace/.tmp/two/temporary /workspace/.carrel/journal/two/* && echo read; true`;
      expect(await did(sh(others))).toEqual([]);
      expect(await did(sh('ls "$TMPDIR"; cat "$TMPDIR/temporary"'))).toEqual(["temporary", "x"]);
      expect((await held.agent("two").exec(sh('cat "$TMPDIR/temporary"'))).stdout).toBe("x\n");
    });

    test("no environment but its agent's own can be found", async () => {
      if (!kept()) return;
      const all = (await did(sh("cat /proc/[0-9]*/environ | tr '\\0' '\\n'"))).join("\n");
      expect(all).toContain("TOKEN=one's token");
      expect(all).not.toContain("two's token");
      expect(all).not.toContain("CARREL_LINK_KEY");
    });

    test("the supervisor cannot be killed, read, replaced or spoken to", async () => {
      if (!kept() || !holds(platform(), "signals between agents")) return;
      const speak = `
import socket
s = socket.socket(socket.AF_UNIX)
s.settimeout(5)
s.connect("/run/carrel/supervisor.sock")
s.sendall(b"F" + b"0" * 64 + b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + bytes(9))
print("said", s.recv(1))`;
      const script = `S=$(pgrep -o node); for signal in 0 KILL STOP TERM; do kill -$signal $S && echo killed; done
        cat /proc/$S/environ && echo read; echo 1000 > /proc/$S/oom_score_adj && echo offered
        prlimit --pid $S --cpu=1:1 && echo limited; renice 19 $S && echo slowed; taskset -p 1 $S >/dev/null && echo moved
        rm -f /run/carrel/supervisor.sock && echo removed; ln -s x /run/carrel/new && echo linked; true`;
      expect(await did(sh(script))).toEqual([]);
      const spoken = await held
        .agent("one")
        .exec({ argv: ["/usr/bin/python3", "-c", speak], timeoutMs: 20_000 });
      // The connection is closed without a word, or broken.
      expect(spoken.stdout.trim()).toMatch(/^(said b'')?$/);
      expect(spoken.stderr).not.toMatch(/timed out|refused|No such file/);
    });

    test("limits, priority and processors of others' processes cannot be set; of its own it can", async () => {
      if (!kept()) return;
      const script = (pid: string) =>
        sh(`prlimit --pid ${pid} --nofile=10:10 && echo limited; renice -n 19 -p ${pid} >/dev/null && echo slowed
        renice -n 19 -u $(id -u) >/dev/null && echo "slowed all"; taskset -p 1 ${pid} >/dev/null && echo moved; ionice -c3 -p ${pid} && echo waits; true`);
      expect(await did(script(String(pids.two)))).toEqual([]);
      const own =
        "ulimit -n 10 && echo limited; nice -n 19 true && echo slowed; ionice -c3 true && echo waits";
      expect(await did(sh(own))).toEqual(["limited", "slowed", "waits"]);
    });

    test("an agent that stops or kills its own keeper hurts itself alone", async () => {
      if (!kept()) return;
      const mine = held.agent("three");
      const stopped = await mine.exec(sh("kill -STOP $PPID; sleep 600", 300));
      expect(stopped).toMatchObject({ timedOut: true, exitCode: null });
      for (const weapon of ["kill -KILL $PPID", "kill -KILL -1"]) {
        const killed = await mine.exec(sh(`(setsid sleep 7777 &); ${weapon}; sleep 600`, 20_000));
        expect(killed).toMatchObject({ timedOut: false, signal: "SIGKILL" });
      }
      await expect
        .poll(async () => (await held.agent("two").exec(sh("pgrep -fc '[7]777'"))).stdout, PATIENCE)
        .toBe("0\n");
      expect((await mine.exec(sh("echo works"))).stdout).toBe("works\n");
      expect((await held.agent("two").exec(sh(`kill -0 ${pids.two} && echo lives`))).stdout).toBe("lives\n");
    });

    test("what is refused to others is refused neither to the agent's own tools nor to the platform", async () => {
      const agent = held.agent("tools");
      const script = `mkdir -p a/b && echo x > a/b/f && mv a/b c && cat c/f && cp -r c d && ln c/f e && rm -r d && [ -e /usr/bin/env ] && /usr/bin/env true
        echo out > /dev/stdout; echo err > /dev/stderr; echo null > /dev/null; sleep 60 & kill $!; wait $!; echo killed $?; python3 -c 'import tempfile; print(tempfile.gettempdir())'`;
      const { stdout, stderr } = await agent.exec(sh(script));
      expect(stdout).toBe("x\nout\nkilled 143\n/workspace/.tmp/tools\n");
      expect(stderr).toBe("err\n");
      expect((await agent.list("", { recursive: true })).map(({ path }) => path)).toEqual([
        "a",
        "c",
        "c/f",
        "e",
      ]);
      const server = agent.run(
        "server",
        sh("trap 'echo told; exit' TERM; echo $$ > pid; while :; do sleep 0.02; done", 60_000),
        () => {},
      );
      await expect
        .poll(() => agent.list().then((all) => all.some(({ path }) => path === "pid")), PATIENCE)
        .toBe(true);
      await agent.exec(sh("kill $(cat pid)"));
      expect((await server).stdout).toBe("told\n");
    });
  });

  describe("shares of agents", () => {
    function desk(limits: Partial<ReturnType<typeof smallSpec>> = {}): HeldWorkspace {
      const held = hold(platform().driver(), { ...smallSpec(), ...limits });
      onTestFinished(async () => {
        held.letGo();
        await platform().driver().destroy(held.userId);
      });
      return held;
    }

    test("an agent whose processes take too much memory loses one, is told, and its sibling's go on", async () => {
      if (!holds(platform(), "share of each agent")) return;
      const held = desk();
      const sibling = held.agent("two").exec(sh("sleep 4; echo went on", 30_000));
      // Each takes little, all together too much; none of them grows fast.
      const hog = `
import os, time
for _ in range(6):
    if os.fork() == 0:
        kept = bytearray(os.urandom(1 << 20) * 36)
        time.sleep(20)
        os._exit(0)
    time.sleep(0.3)
print(os.wait()[1])`;
      const result = await held
        .agent("one")
        .exec({ argv: ["/usr/bin/python3", "-c", hog], timeoutMs: 30_000 });
      expect(result).toMatchObject({ outOfMemory: true, timedOut: false });
      expect(result.stdout).toBe("9\n");
      expect(result.stderr).toMatch(
        /^carrel: ended python3 .* had taken \d+ MB of the memory, one agent may have \d+ MB\n/,
      );
      expect(await sibling).toMatchObject({ stdout: "went on\n", outOfMemory: false });
      expect((await held.agent("one").exec(sh("echo lives"))).stdout).toBe("lives\n");
    });

    test("an agent that takes all processes loses them when a sibling needs one", async () => {
      if (!holds(platform(), "number of processes") || !holds(platform(), "share of each agent")) return;
      const held = desk();
      await held.agent("two").exec(sh("true"));
      const greedy = held
        .agent("one")
        .exec(sh("for i in $(seq 200); do sleep 600 & done 2>/dev/null; echo all; wait", 60_000));
      expect(
        await held
          .agent("two")
          .exec(sh("for i in 1 2 3 4 5 6; do sleep 0.3; done; /bin/echo went on", 50_000)),
      ).toMatchObject({ stdout: "went on\n" });
      const result = await greedy;
      expect(result.timedOut).toBe(false);
      expect(result.stderr).toContain("carrel: ended this command");
    });
  });
}
