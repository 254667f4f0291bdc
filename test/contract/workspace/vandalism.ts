import { describe, expect, onTestFinished, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { hold, type Platform, sh, smallSpec } from "./desk.ts";

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
      ["closes its workspace", "chmod 0 /workspace"],
      ["closes its directory", 'chmod 0 "$HOME"'],
      ["puts a file in place of the journals", "rm -rf /workspace/.carrel && echo > /workspace/.carrel"],
      ["leads the journals elsewhere", "rm -rf /workspace/.carrel && ln -s /nowhere /workspace/.carrel"],
      ["closes the journals", "chmod 0 /workspace/.carrel/journal /workspace/.carrel"],
      [
        "closes the socket's place and fills it",
        "chmod 700 /run/carrel; cd /run/carrel && rm -rf * && mkdir -p supervisor.sock/x && chmod 0 .",
      ],
    ])("who %s can go on, and start again", async (_, script) => {
      const held = desk();
      await held.agent("one").write("kept", "kept");
      expect((await held.agent("one").exec(sh(script))).exitCode).toBe(0);
      expect(await says(held, "at once")).toBe("here\n");
      expect((await held.agent("one").exec(sh(script))).exitCode).toBe(0);
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
