import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { HANDOVER } from "#workspaces/workspace.ts";
import { hold, PATIENCE, type Platform, sh, smallSpec } from "./desk.ts";

/** How a workspace rests and wakes: by a pause where the platform can, else by a stop. */
export function restContract(platform: () => Platform): void {
  describe("rest", () => {
    function desk(spec = smallSpec()): HeldWorkspace {
      const held = hold(platform().driver(), spec);
      onTestFinished(async () => {
        held.letGo();
        await platform().driver().destroy(spec.userId);
      });
      return held;
    }
    // An engine that serves many others takes its time to start one.
    const slowly = 180_000;
    const pauses = () => platform().driver().pause !== undefined;

    test(
      "what is paused is woken by its next use, with all that ran in it; where nothing can be paused it goes on",
      async () => {
        const held = desk();
        const agent = held.agent("one");
        const told = new AbortController();
        const ticking = sh("echo $$ > pid; while :; do date +%s%N > tick; echo .; sleep 0.02; done", 600_000);
        const left = agent.run("ticking", ticking, () => told.abort(HANDOVER), told.signal);
        await expect(left).rejects.toThrow();
        await expect.poll(() => agent.read("tick").then(String, () => ""), PATIENCE).not.toBe("");
        expect(await held.pause(0)).toBe(pauses());
        if (pauses()) expect((await platform().driver().status(held.userId)).state).toBe("paused");
        expect(await held.pause(0)).toBe(false);
        const pid = (await agent.read("pid")).toString().trim();
        expect((await platform().driver().status(held.userId)).state).toBe("running");
        expect((await agent.exec(sh(`kill -0 ${pid} && echo alive`))).stdout).toBe("alive\n");
      },
      slowly,
    );

    test(
      "one that is in use is neither paused nor stopped for its rest",
      async () => {
        const held = desk();
        const agent = held.agent("one");
        await held.up();
        const under = agent.exec(sh("touch begun; until [ -e go ]; do sleep 0.05; done; echo done"));
        await expect.poll(async () => (await agent.list()).length, PATIENCE).toBe(1);
        expect(await held.pause(0)).toBe(false);
        expect(await held.rest(0)).toBe(false);
        await agent.write("go", "");
        expect((await under).stdout).toBe("done\n");
        expect(await held.pause(3_600_000)).toBe(false);
        expect(await held.rest(3_600_000)).toBe(false);
      },
      slowly,
    );

    test(
      "many who use it while it is paused and stopped again and again are all answered, each once",
      async () => {
        const held = desk();
        const agent = held.agent("one");
        await held.up();
        let over = false;
        let rests = 0;
        const resting = (async () => {
          while (!over) {
            const rested = rests % 5 === 4 ? await held.rest(0) : await held.pause(0);
            if (rested || !pauses()) rests += 1;
            await sleep(Math.random() * 15);
          }
        })();
        const using = Array.from({ length: 3 }, async (_, user) => {
          for (let n = 0; n < 8; n++) {
            const { stdout, stderr, exitCode, signal } = await agent.exec(
              sh(`echo ${user} ${n} | tee -a said-${user}`, 60_000),
            );
            // All of it, so that a failure says what happened.
            const whole = { stdout: `${user} ${n}\n`, stderr: "", exitCode: 0, signal: null };
            expect({ stdout, stderr, exitCode, signal }).toEqual(whole);
            await sleep(Math.random() * 150);
          }
          return (await agent.read(`said-${user}`)).toString();
        });
        const said = await Promise.all(using).finally(() => {
          over = true;
        });
        await resting;
        expect(said).toEqual(
          said.map((_, user) => Array.from({ length: 8 }, (_, n) => `${user} ${n}\n`).join("")),
        );
        expect(rests).toBeGreaterThan(0);
      },
      slowly,
    );

    test(
      "one that its runner left paused is woken by the next",
      async () => {
        const spec = smallSpec();
        const held = desk(spec);
        await held.agent("one").exec(sh("echo here > /tmp/mark"));
        await held.pause(0);
        held.letGo();
        const next = hold(platform().driver(), spec, 2);
        onTestFinished(() => next.letGo());
        await next.adopt(pauses() ? "paused" : "up", 0);
        expect((await next.agent("one").exec(sh("cat /tmp/mark"))).stdout).toBe("here\n");
      },
      slowly,
    );

    test(
      "a stop of one that is paused ends it, and it starts again with its data",
      async () => {
        const held = desk();
        await held.agent("one").write("file", "kept");
        await held.pause(0);
        await held.down();
        expect((await platform().driver().status(held.userId)).state).toBe("stopped");
        expect((await held.agent("one").read("file")).toString()).toBe("kept");
      },
      slowly,
    );
  });
}
