import { describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { hold, holds, type Platform, sh, smallSpec } from "./desk.ts";

// Fifty directories of two hundred letters, one in the other: their path is longer than the system takes in one piece.
const DEEP = "import os\nfor _ in range(50):\n  os.mkdir('d' * 200)\n  os.chdir('d' * 200)";

/** What users' code may do to the places that it shares with us; none of it may cost more than itself. */
export function vandalismContract(platform: () => Platform): void {
  describe("vandalism", () => {
    function desk(): HeldWorkspace {
      const driver = platform().driver();
      const held = hold(driver, smallSpec());
      onTestFinished(async () => {
        held.letGo();
        await driver.destroy(held.userId);
      });
      return held;
    }
    const says = async (held: HeldWorkspace, id: string) => {
      const spec = { argv: ["/bin/echo", "here"], timeoutMs: 20_000 };
      let text = "";
      await held.agent("one").run(id, spec, (piece) => {
        text += piece.text;
      });
      return text;
    };

    test.each([
      ["closes its workspace", 'chmod 0 "$DATA"', true],
      ["closes its directory", 'chmod 0 "$DATA/agent-one"', true],
      ["puts a file in place of the journals", 'rm -rf "$DATA/.carrel" && echo > "$DATA/.carrel"', false],
      ["leads the journals elsewhere", 'rm -rf "$DATA/.carrel" && ln -s /nowhere "$DATA/.carrel"', false],
      ["closes the journals", 'chmod 0 "$DATA/.carrel/journal" "$DATA/.carrel"', true],
      ["leads temporary files elsewhere", 'rm -rf "$DATA/.tmp" && ln -s /nowhere "$DATA/.tmp"', false],
      [
        "closes the socket's place and fills it",
        'chmod 700 "$RUN"; cd "$RUN" && rm -rf * && mkdir -p supervisor.sock/x && chmod 0 .',
        false,
      ],
    ])("who %s can go on, and start again", async (_, script, mayBeTried) => {
      const held = desk();
      // By the agent itself, which is refused where agents are kept apart; and then all the same.
      const refused = holds(platform(), "separation of agents") && !mayBeTried;
      const vandalise = async (first: boolean) => {
        const spec = { ...sh(script), env: { DATA: "/workspace", RUN: "/run/carrel" } };
        const done = (await held.agent("one").exec(spec)).exitCode === 0;
        if (first || !refused) expect(done).toBe(!refused);
        if (refused) await platform().outside(held.userId, `RUN=$PWD; ${script}`);
      };
      await held.agent("one").write("kept", "kept");
      await vandalise(true);
      expect(await says(held, "at once")).toBe("here\n");
      await vandalise(false);
      await held.down();
      expect(await says(held, "after a new start")).toBe("here\n");
      expect((await held.agent("one").read("kept")).toString()).toBe("kept");
    });

    test("a tree too deep to be named is refused when listed, and can be removed in all ways", async () => {
      const held = desk();
      const dig = { argv: ["/usr/bin/python3", "-c", DEEP], timeoutMs: 20_000 };
      expect((await held.agent("one").exec(dig)).exitCode).toBe(0);
      await expect(held.agent("one").list("", { recursive: true })).rejects.toMatchObject({
        code: "too_large",
      });
      await held.agent("one").remove("d".repeat(200));
      expect(await held.agent("one").list()).toEqual([]);
      expect((await held.agent("one").exec(dig)).exitCode).toBe(0);
      await held.removeAgent("one");
      expect(await held.agent("one").list()).toEqual([]);
      expect((await held.agent("one").exec(dig)).exitCode).toBe(0);
      await platform().driver().destroy(held.userId);
      expect((await platform().driver().status(held.userId)).state).toBe("absent");
    });
  });
}
