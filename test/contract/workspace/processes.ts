import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { type AgentDirectory, HANDOVER, type OutputPiece } from "#workspaces/workspace.ts";
import { hold, holds, PATIENCE, type Platform, sh, smallSpec } from "./desk.ts";

/** How many processes of the workspace have `word` in their command line, the asking one not counted. */
async function countOf(agent: AgentDirectory, word: string): Promise<number> {
  const script = `for each in /proc/[0-9]*; do tr '\\0' ' ' < $each/cmdline 2>/dev/null; echo; done | grep -c -- '${word.replace(/^./, "[$&]")}'`;
  return Number((await agent.exec(sh(script))).stdout);
}

export function processContract(platform: () => Platform): void {
  describe("processes", () => {
    let held: HeldWorkspace;
    let agent: AgentDirectory;
    beforeAll(() => {
      held = hold(platform().driver(), smallSpec());
      agent = held.agent("one");
    });
    afterAll(async () => {
      await held.down();
      held.letGo();
      await platform().driver().destroy(held.userId);
    });

    test("a command gives its exit code and both its streams", async () => {
      const result = await agent.exec(sh("echo out; echo err >&2; exit 7"));
      expect(result).toMatchObject({
        exitCode: 7,
        signal: null,
        stdout: "out\n",
        stderr: "err\n",
        timedOut: false,
      });
      expect(result.truncated).toBe(false);
    });

    test("a command reads its standard input, its environment and runs in the agent's directory", async () => {
      const spec = { ...sh("cat; echo $WORD; pwd; echo $HOME"), stdin: "given ", env: { WORD: "한글 🙂" } };
      const { stdout } = await agent.exec(spec);
      expect(stdout).toBe("given 한글 🙂\n/workspace/agent-one\n/workspace/agent-one\n");
    });

    test("a command that is not there ends with 127 and says so", async () => {
      const result = await agent.exec({ argv: ["no-such-program"], timeoutMs: 5000 });
      expect(result).toMatchObject({ exitCode: 127, stderr: "no-such-program: command not found\n" });
    });

    test("output beyond the limit is dropped and the rest is marked as cut", async () => {
      const result = await agent.exec({ ...sh("head -c 5000000 /dev/zero | tr '\\0' x"), outputLimit: 1000 });
      expect(result.stdout).toBe("x".repeat(1000));
      expect(result).toMatchObject({ exitCode: 0, truncated: true });
    });

    test("output that is no text and holds null bytes becomes text that a database can keep", async () => {
      const { stdout } = await agent.exec(sh("printf 'a\\0b\\377c'"));
      expect(stdout).toBe("a\uFFFDb\uFFFDc");
    });

    test("at its time limit a command ends with all that it started, whatever they did to hide", async () => {
      const script =
        "sleep 1111 & setsid sleep 1111 & (setsid env -i /usr/bin/sleep 1111 &) ; (nohup setsid bash -c 'sleep 1111; :' &) ; sleep 1111";
      const result = await agent.exec(sh(script, 500));
      expect(result).toMatchObject({ timedOut: true, exitCode: null, signal: "SIGKILL" });
      expect(await countOf(agent, "sleep 1111")).toBe(0);
    });

    test("what a command leaves behind in the background ends with it", async () => {
      const result = await agent.exec(sh("(setsid sleep 2222 >/dev/null 2>&1 &) ; sleep 2222 & echo done"));
      expect(result).toMatchObject({ exitCode: 0, stdout: "done\n", timedOut: false });
      expect(await countOf(agent, "sleep 2222")).toBe(0);
    });

    test("one command's end does not touch another's children", async () => {
      const long = agent.exec(sh("setsid bash -c 'sleep 1; echo alive' ; echo over"));
      for (let i = 0; i < 5; i++) await agent.exec(sh("(setsid sleep 3333 &) ; true"));
      expect((await long).stdout).toBe("alive\nover\n");
    });

    test("a command whose asker gives up is killed", async () => {
      const asker = new AbortController();
      // Its own time limit is far away: only the asker can have ended it.
      const asked = agent.exec({ ...sh("sleep 4444"), timeoutMs: 120_000 }, asker.signal);
      await expect.poll(() => countOf(agent, "sleep 4444"), PATIENCE).toBeGreaterThan(0);
      asker.abort(new Error("never mind"));
      await expect(asked).rejects.toThrow("never mind");
      await expect.poll(() => countOf(agent, "sleep 4444"), PATIENCE).toBe(0);
    });

    test("many commands at once keep their own output", async () => {
      const results = await Promise.all(Array.from({ length: 20 }, (_, i) => agent.exec(sh(`echo ${i}`))));
      expect(results.map(({ stdout }) => stdout)).toEqual(Array.from({ length: 20 }, (_, i) => `${i}\n`));
    });

    test("one command's end does not end another that is just beginning", async () => {
      // A program that is looked for in many places: until it is found its process does not yet say whose it is.
      const PATH = [...Array.from({ length: 3000 }, (_, n) => `/nowhere/${n}`), "/usr/bin", "/bin"].join(":");
      const beginning = Array.from({ length: 40 }, async (_, n) => {
        await sleep(n * 5);
        const { exitCode, signal } = await agent.exec({ ...sh(""), argv: ["true"], env: { PATH } });
        return { exitCode, signal };
      });
      expect(await Promise.all(beginning)).toEqual(beginning.map(() => ({ exitCode: 0, signal: null })));
    });

    test("a journalled process gives numbered pieces without a gap, and joined again the same", async () => {
      const script = sh("for i in 1 2 3 4 5; do echo line $i; sleep 0.03; done; echo end >&2; exit 4");
      const first: OutputPiece[] = [];
      const result = await agent.run("run/step/1", script, (piece) => void first.push(piece));
      expect(result).toMatchObject({ exitCode: 4, stderr: "end\n", timedOut: false });
      expect(result.stdout).toBe("line 1\nline 2\nline 3\nline 4\nline 5\n");
      expect(first.map(({ seq }) => seq)).toEqual(first.map((_, index) => index + 1));
      const again: OutputPiece[] = [];
      expect(await agent.run("run/step/1", script, (piece) => void again.push(piece))).toEqual(result);
      expect(again).toEqual(first);
    });

    test("the same id never runs twice, also when asked for at the same time", async () => {
      const script = sh("echo x >> started; sleep 0.2; cat started");
      const asks = Array.from({ length: 5 }, () => agent.run("twice", script, () => {}));
      for (const { stdout } of await Promise.all(asks)) expect(stdout).toBe("x\n");
    });

    test("a journalled process that is given up is killed; one that is handed over goes on", async () => {
      const giveUp = new AbortController();
      const given = agent.run("given-up", sh("sleep 5555"), () => {}, giveUp.signal);
      await expect.poll(() => countOf(agent, "sleep 5555"), PATIENCE).toBeGreaterThan(0);
      giveUp.abort(new Error("cancelled"));
      await expect(given).rejects.toThrow("cancelled");
      await expect.poll(() => countOf(agent, "sleep 5555"), PATIENCE).toBe(0);

      const handOver = new AbortController();
      const script = sh("touch begun; until [ -e go ]; do sleep 0.02; done; echo went on");
      const handed = agent.run("handed-over", script, () => {}, handOver.signal);
      await expect
        .poll(async () => (await agent.list()).some(({ path }) => path === "begun"), PATIENCE)
        .toBe(true);
      handOver.abort(HANDOVER);
      await expect(handed).rejects.toMatchObject({ code: "conflict" });
      await agent.write("go", "");
      expect((await agent.run("handed-over", script, () => {})).stdout).toBe("went on\n");
    });

    test("a process that takes more memory than there is ends, it is said why, and the workspace works on", async () => {
      const hog = { argv: ["/usr/bin/python3", "-c", "x = bytearray(400 << 20)"], timeoutMs: 20_000 };
      const result = await agent.exec(hog);
      expect(result).toMatchObject({ outOfMemory: true, timedOut: false });
      // The kernel kills where a whole workspace is counted; where each process is, the language itself gives up.
      expect(result.signal).toBe(holds(platform(), "memory of the whole workspace") ? "SIGKILL" : null);
      expect((await agent.exec(sh("echo still here"))).stdout).toBe("still here\n");
    });

    test("a bomb of processes is ended, is told why, and the workspace works on", async () => {
      const bomb = "bomb() { bomb | bomb & }; bomb; sleep 60";
      const result = await agent.exec(sh(bomb, 5000));
      // Where each agent has its share of processes it is over sooner than its time.
      if (holds(platform(), "share of each agent"))
        expect(result.stderr).toMatch(
          /^carrel: ended this command: the workspace had no process left for others/m,
        );
      else expect(result.timedOut).toBe(true);
      expect((await agent.exec(sh("echo still here"))).stdout).toBe("still here\n");
      expect(await countOf(agent, "bomb")).toBe(0);
    });

    test("open files and the size of a file are limited, and there are no core dumps", async () => {
      const { stdout } = await agent.exec(sh("ulimit -Hn; ulimit -Hc; ulimit -Hf"));
      expect(stdout).toBe(`512\n0\n${(256 * 1024 * 1024) / 1024}\n`);
    });

    test("what is no process is refused before it gets there", async () => {
      const bad = [
        { argv: [], timeoutMs: 1000 },
        { argv: ["true"], timeoutMs: 0 },
        { argv: ["true"], timeoutMs: 1000, cwd: "../agent-two" },
        { argv: ["true"], timeoutMs: 1000, cwd: "/" },
        { argv: ["a\0b"], timeoutMs: 1000 },
      ];
      for (const spec of bad) await expect(agent.exec(spec)).rejects.toMatchObject({ code: "bad_request" });
      await expect(agent.exec({ argv: ["true"], timeoutMs: 1000, cwd: "missing" })).rejects.toMatchObject({
        code: "not_found",
      });
    });
  });
}
