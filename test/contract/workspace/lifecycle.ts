import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { AgentDirectory, OutputPiece } from "#workspaces/workspace.ts";
import { COUNTING } from "./counting.ts";
import { hold, PATIENCE, type Platform, sh, smallSpec } from "./desk.ts";

/** What a file holds; null while it is not there. */
async function textOf(agent: AgentDirectory, path: string): Promise<string | null> {
  return agent.read(path).then(String, () => null);
}

export function lifecycleContract(
  platform: () => Platform,
  startDyingRunner: (userId: string, slot: number) => string[],
): void {
  describe("lifecycle", () => {
    function desk(driver = platform().driver(), spec = smallSpec()): HeldWorkspace {
      const held = hold(driver, spec);
      onTestFinished(async () => {
        held.letGo();
        await platform().driver().destroy(spec.userId);
      });
      return held;
    }

    test("it goes from absent to running to stopped to running with its data, and to absent again", async () => {
      const driver = platform().driver();
      const spec = smallSpec();
      const state = async () => (await driver.status(spec.userId)).state;
      expect(await state()).toBe("absent");
      const held = desk(driver, spec);
      await held.agent("one").write("file", "kept");
      expect(await state()).toBe("running");
      expect(await driver.running()).toContain(spec.userId);
      await held.down();
      expect(await state()).toBe("stopped");
      expect(await driver.running()).not.toContain(spec.userId);
      expect((await held.agent("one").read("file")).toString()).toBe("kept");
      expect(await state()).toBe("running");
      await held.down();
      await driver.destroy(spec.userId);
      expect(await state()).toBe("absent");
      expect(await held.agent("one").list()).toEqual([]);
    });

    test("stopping ends every process, and stopping or destroying again harms nothing", async () => {
      const driver = platform().driver();
      const held = desk(driver);
      const running = held
        .agent("one")
        .exec(sh("sleep 600", 600_000))
        .catch((error: Error) => error);
      await expect
        .poll(async () => (await held.agent("one").exec(sh("pgrep -c sleep"))).stdout, PATIENCE)
        .toBe("1\n");
      await held.down();
      expect(await running).toBeInstanceOf(Error);
      await driver.stop(held.userId);
      await driver.destroy(held.userId);
      await driver.destroy(held.userId);
    });

    test("asked for at once by many, it is started once", async () => {
      const held = desk();
      const pids = await Promise.all(
        Array.from(
          { length: 10 },
          async (_, i) => (await held.agent(`a${i}`).exec(sh("stat -c %Z /proc/1"))).stdout,
        ),
      );
      expect(new Set(pids).size).toBe(1);
    });

    test("started by two runners on one disk at once, it is one and the same", async () => {
      const spec = smallSpec();
      const first = desk(platform().driver(), spec);
      const second = desk(platform().driver(), spec);
      await Promise.all([first.up(), second.up()]);
      await first.agent("one").write("seen", "by both");
      await expect(
        (async () => (await second.agent("one").exec(sh("cat seen; echo x > /tmp/mark"))).stdout)(),
      ).resolves.toBe("by both");
      expect((await first.agent("one").exec(sh("cat /tmp/mark"))).stdout).toBe("x\n");
    });

    test("a newer owner shuts an older one out for good, in the middle of what it does", async () => {
      const driver = platform().driver();
      const spec = smallSpec();
      const older = desk(driver, spec);
      await older.agent("one").write("file", "older");
      const under = older
        .agent("one")
        .exec(sh("sleep 600", 600_000))
        .catch((error: unknown) => error);
      const newer = hold(platform().driver(), spec, 2);
      onTestFinished(() => newer.letGo());
      await newer.agent("one").write("file", "newer");
      expect(await under).toMatchObject({ name: "AppError" });
      await expect(older.agent("one").write("file", "older again")).rejects.toMatchObject({
        code: "conflict",
      });
      await expect(older.agent("one").exec(sh("echo older > file"))).rejects.toMatchObject({
        code: "conflict",
      });
      await expect(older.agent("one").remove("file")).rejects.toMatchObject({ code: "conflict" });
      expect((await newer.agent("one").read("file")).toString()).toBe("newer");
    });

    test("the death of the runner is not noticed inside, and the next one loses no line", async () => {
      const spec = smallSpec();
      desk(platform().driver(), spec);
      const [program = "", ...argv] = startDyingRunner(spec.userId, spec.slot);
      const seen: OutputPiece[] = [];
      for (let death = 0; death < 3; death++) {
        const runner = spawn(program, argv, { stdio: ["ignore", "pipe", "inherit"] });
        const pieces: OutputPiece[] = [];
        for await (const line of createInterface({ input: runner.stdout })) {
          pieces.push(JSON.parse(line) as OutputPiece);
          if (pieces.length >= 3 * (death + 1)) break;
        }
        runner.kill("SIGKILL");
        await once(runner, "exit");
        expect(pieces.slice(0, seen.length)).toEqual(seen.slice(0, pieces.length));
        if (pieces.length > seen.length) seen.splice(0, seen.length, ...pieces);
      }
      const last = hold(platform().driver(), spec, 9);
      onTestFinished(() => last.letGo());
      const pieces: OutputPiece[] = [];
      const result = await last.agent("one").run("counting", COUNTING, (piece) => void pieces.push(piece));
      expect(pieces.slice(0, seen.length)).toEqual(seen);
      expect(pieces.map(({ seq }) => seq)).toEqual(pieces.map((_, index) => index + 1));
      expect(result.stdout).toBe(Array.from({ length: 100 }, (_, i) => `line ${i + 1}\n`).join(""));
      expect((await last.agent("one").read("starts")).toString()).toBe("x\n");
    });

    test("when its supervisor is killed the workspace comes back by itself, and a cut process is told as killed", async () => {
      const held = desk();
      const agent = held.agent("one");
      await agent.write("file", "kept");
      await platform().outside(held.userId, "kill -9 $SUPERVISOR");
      expect((await agent.read("file")).toString()).toBe("kept");
      const cut = agent.run("cut", sh("echo x >> starts; sleep 60", 60_000), () => {});
      for (const starts of ["x\n", "x\nx\n"]) {
        await expect.poll(() => textOf(agent, "starts"), PATIENCE).toBe(starts);
        await platform().outside(held.userId, "kill -9 $SUPERVISOR");
      }
      expect(await cut).toMatchObject({ exitCode: null, signal: "SIGKILL" });
      expect((await agent.read("starts")).toString()).toBe("x\nx\n");
    });

    test("what was told of a process that its workspace took with it is never mixed with what it says begun anew", async () => {
      const held = desk();
      const agent = held.agent("one");
      const script = sh(
        'echo x >> starts; for i in 1 2 3 4; do echo "$(wc -l < starts) $i"; sleep 0.1; done; [ "$(wc -l < starts)" = 2 ] || { touch said; sleep 60; }; echo end',
        60_000,
      );
      const first: OutputPiece[] = [];
      const told = agent
        .run("begun-anew", script, (piece) => void first.push(piece))
        .catch((error: unknown) => error);
      await expect.poll(() => textOf(agent, "said"), PATIENCE).toBe("");
      await expect.poll(() => first.map(({ text }) => text).join(""), PATIENCE).toContain("1 4\n");
      await platform().outside(held.userId, "kill -9 $SUPERVISOR");
      expect(await told).toMatchObject({ code: "unavailable" });
      expect(first.length).toBeGreaterThan(1);
      const second: OutputPiece[] = [];
      const result = await agent.run("begun-anew", script, (piece) => void second.push(piece));
      expect(result).toMatchObject({ exitCode: 0, stdout: "2 1\n2 2\n2 3\n2 4\nend\n" });
      expect(second.map(({ seq }) => seq)).toEqual(second.map((_, index) => index + 1));
      expect((await agent.read("starts")).toString()).toBe("x\nx\n");
    });

    test("whoever takes the supervisor's place is not believed", async () => {
      const held = desk();
      await held.up();
      const liar = `
        const fs = require("node:fs"), http2 = require("node:http2"), net = require("node:net");
        fs.rmSync("supervisor.sock");
        const server = http2.createServer();
        server.on("stream", (stream, headers) => {
          stream.on("error", () => {});
          const path = headers[":path"];
          stream.respond({ ":status": 200, "x-carrel-size": "many" });
          if (path.includes("health")) stream.end('{"languages":{},"processes":0,"reverse":true,"residentBytes":1}');
          else if (path.includes("files")) stream.end(JSON.stringify({ files: [{ path: decodeURIComponent(/path=([^&]*)/.exec(path)[1]) + "/..", type: "file", size: 1, mode: 1, modifiedMs: 1 }] }));
          else if (path.includes("exec")) stream.end('{"exitCode":"0"}');
          else if (path.includes("events")) stream.end('{"seq":7,"stream":"stdout","text":"x"}\\n');
          else if (path.includes("content")) stream.destroy();
          else stream.end("{}");
        });
        const greet = (socket) => socket.read(1 + 64) === null ? socket.once("readable", () => greet(socket)) : server.emit("connection", socket);
        server.on("sessionError", () => {});
        net.createServer((socket) => greet(socket.on("error", () => {}))).listen("supervisor.sock", () => {
          fs.chownSync("supervisor.sock", Number(process.env.OWNER), Number(process.env.OWNER));
          fs.writeFileSync("lying", "");
        });`;
      const lie = `export NODE=$(command -v node || echo /opt/carrel/bin/node); setsid "$NODE" -e '${liar.replaceAll("'", `'\\''`)}' >/dev/null 2>&1 &
        until [ -e lying ]; do sleep 0.05; done; echo $!`;
      const pid = (await platform().outside(held.userId, lie)).trim();
      onTestFinished(() =>
        platform()
          .outside(held.userId, `kill ${pid}`)
          .then(
            () => {},
            () => {},
          ),
      );
      const next = hold(platform().driver(), smallSpec(held.userId), 2);
      onTestFinished(() => next.letGo());
      await next.up();
      for (const ask of [
        () => next.agent("one").list(),
        () => next.agent("one").list("sub"),
        () => next.agent("one").read("file"),
        () => next.agent("one").write("file", "x"),
        () => next.agent("one").exec(sh("true")),
        () => next.agent("one").run("x", sh("true"), () => {}),
        () => next.diskBytes(),
      ]) {
        await expect(ask()).rejects.toMatchObject({ name: "AppError" });
      }
    });
  });
}
