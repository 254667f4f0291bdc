import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { AgentDirectory } from "#workspaces/workspace.ts";
import { hold, holds, type Platform, sh, smallSpec } from "./desk.ts";

export function fileContract(platform: () => Platform): void {
  describe("files", () => {
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

    test("an agent that has done nothing has no files", async () => {
      expect(await held.agent("fresh").list()).toEqual([]);
      await expect(held.agent("fresh").list("sub")).rejects.toMatchObject({ code: "not_found" });
    });

    test("a file comes back byte for byte, whatever its name holds", async () => {
      const bytes = Buffer.from([0, 255, 1, 13, 10, 128]);
      for (const path of ["plain", "a/b/c", "spaces and ?&#%25", "한국어/日本語 🙂.txt", "-rf", "a\\b"]) {
        await agent.write(path, bytes);
        expect(await agent.read(path)).toEqual(bytes);
      }
      await agent.write("empty", "");
      expect(await agent.read("empty")).toEqual(Buffer.alloc(0));
    });

    test("a large file goes in and out in pieces", async () => {
      const piece = Buffer.alloc(1024 * 1024, 7);
      const pieces = Array.from({ length: 20 }, () => piece);
      await agent.writeStream("large", Readable.from(pieces));
      const { content, size } = await agent.readStream("large");
      expect(size).toBe(20 * 1024 * 1024);
      expect((await buffer(content)).equals(Buffer.concat(pieces))).toBe(true);
      await expect(agent.read("large", { maxBytes: 1000 })).rejects.toMatchObject({ code: "too_large" });
    });

    test("bulk in both directions at once does not stop", async () => {
      const bulk = Buffer.alloc(4 * 1024 * 1024, 5);
      await agent.write("bulk/source", bulk);
      const ways = Array.from({ length: 48 }, async (_, i) => {
        if (i % 2 === 0) return agent.write(`bulk/${i % 6}`, bulk).then(() => bulk.length);
        return (await agent.read("bulk/source")).length;
      });
      expect(new Set(await Promise.all(ways))).toEqual(new Set([bulk.length]));
      await agent.remove("bulk");
    });

    test("an upload that breaks off leaves the file as it was, and nothing beside it", async () => {
      await agent.write("kept/file", "before");
      async function* broken() {
        yield Buffer.from("half");
        throw new Error("the sender went away");
      }
      await expect(agent.writeStream("kept/file", Readable.from(broken()))).rejects.toThrow();
      const short = agent.writeStream("kept/file", Readable.from([Buffer.from("abc")]), { size: 10 });
      await expect(short).rejects.toThrow();
      expect((await agent.read("kept/file")).toString()).toBe("before");
      await expect
        .poll(async () => (await agent.list("kept")).map(({ path }) => path))
        .toEqual(["kept/file"]);
    });

    test("modes are kept and told", async () => {
      await agent.write("modes/run.sh", "#!/bin/sh\necho ran", { mode: 0o755 });
      await agent.write("modes/data", "x");
      const modes = (await agent.list("modes")).map(({ path, mode }) => [path, mode]);
      expect(modes).toEqual([
        ["modes/data", 0o100644],
        ["modes/run.sh", 0o100755],
      ]);
      expect((await agent.exec(sh("./modes/run.sh"))).stdout).toBe("ran\n");
    });

    test("a list tells kinds, goes deep only when asked, and leaves out what is skipped", async () => {
      await agent.exec(
        sh(
          "mkdir -p tree/node_modules/x tree/src; echo abc > tree/src/a.py; ln -s src tree/link; mkfifo tree/pipe",
        ),
      );
      const kinds = async (options?: Parameters<AgentDirectory["list"]>[1]) =>
        (await agent.list("tree", options)).map(({ path, type }) => `${path} ${type}`);
      expect(await kinds()).toEqual([
        "tree/link link",
        "tree/node_modules directory",
        "tree/pipe other",
        "tree/src directory",
      ]);
      expect(await kinds({ recursive: true, skip: ["node_modules"] })).toEqual([
        "tree/link link",
        "tree/pipe other",
        "tree/src directory",
        "tree/src/a.py file",
      ]);
      await expect(agent.list("", { recursive: true, limit: 2 })).rejects.toMatchObject({
        code: "too_large",
      });
    });

    test("files and whole directories are removed, a link without what it names", async () => {
      await agent.exec(
        sh("mkdir -p gone/deep; echo x > gone/deep/file; echo stay > stays; ln -s ../stays gone/link"),
      );
      await agent.remove("gone");
      await expect(agent.read("gone/deep/file")).rejects.toMatchObject({ code: "not_found" });
      expect((await agent.read("stays")).toString()).toBe("stay\n");
      await expect(agent.remove("gone")).rejects.toMatchObject({ code: "not_found" });
    });

    test("what a mode closes is told, and removed with the rest", async () => {
      await agent.exec(
        sh("mkdir -p closed/inner/deep; echo x > closed/inner/deep/file; chmod 000 closed/inner"),
      );
      const seen = (await agent.list("closed", { recursive: true })).map(({ path }) => path);
      expect(seen).toEqual(["closed/inner"]);
      await agent.remove("closed");
      await expect(agent.list("closed")).rejects.toMatchObject({ code: "not_found" });
      await agent.exec(sh("mkdir -p last/one; echo x > last/one/file; chmod 000 last"));
    });

    test("a path never leaves the agent's directory", async () => {
      await held.agent("two").write("secret", "two's own");
      for (const path of [
        "../agent-two/secret",
        "a/../../agent-two/secret",
        "/workspace/agent-two/secret",
        "/etc/passwd",
        "..",
        "a\0b",
        "\ud800",
      ]) {
        await expect(agent.read(path)).rejects.toMatchObject({ code: "bad_request" });
        await expect(agent.write(path, "x")).rejects.toMatchObject({ code: "bad_request" });
        await expect(agent.remove(path)).rejects.toMatchObject({ code: "bad_request" });
        await expect(agent.list(path)).rejects.toMatchObject({ code: "bad_request" });
      }
      for (const path of ["", ".", "./"])
        await expect(agent.remove(path)).rejects.toMatchObject({ code: "bad_request" });
      expect((await held.agent("two").read("secret")).toString()).toBe("two's own");
    });

    test("links are not followed, neither at the end of a path nor on the way", async () => {
      await held.agent("two").write("secret", "two's own");
      await agent.exec(sh("ln -s /etc/passwd out; ln -s ../agent-two dir; ln -s ../agent-two/secret file"));
      for (const path of ["out", "file", "dir/secret"]) {
        await expect(agent.read(path)).rejects.toMatchObject({ code: "bad_request" });
      }
      await expect(agent.write("dir/new", "x")).rejects.toMatchObject({ code: "bad_request" });
      await expect(agent.remove("dir/secret")).rejects.toMatchObject({ code: "bad_request" });
      await expect(agent.list("dir")).rejects.toMatchObject({ code: "bad_request" });
      await agent.write("file", "mine now");
      expect((await held.agent("two").read("secret")).toString()).toBe("two's own");
      expect((await agent.read("file")).toString()).toBe("mine now");
    });

    test("an agent's directory that was made a link is not entered", async () => {
      const made = (await agent.exec(sh("ln -s /etc /workspace/agent-three"))).exitCode === 0;
      expect(made).toBe(!holds(platform(), "separation of agents"));
      if (!made) await platform().outside(held.userId, 'ln -s /etc "$DATA/agent-three"');
      await expect(held.agent("three").list()).rejects.toMatchObject({ code: "bad_request" });
      await expect(held.agent("three").read("passwd")).rejects.toMatchObject({ code: "bad_request" });
    });

    test("pipes, devices and directories are not read as files", async () => {
      await agent.exec(sh("mkfifo pipe; mkdir -p directory"));
      await expect(agent.read("pipe")).rejects.toMatchObject({ code: "bad_request" });
      await expect(agent.read("directory")).rejects.toMatchObject({ code: "bad_request" });
      await expect(agent.write("directory", "x")).rejects.toMatchObject({ code: "bad_request" });
      await expect(agent.read("stays/under")).rejects.toMatchObject({ code: "bad_request" });
    });

    test("removing an agent removes its files and what it ran, and nobody else's", async () => {
      await held.agent("two").write("secret", "two's own");
      await held.agent("leaving").run("job", sh("echo once > file; echo ran"), () => {});
      await held.removeAgent("leaving");
      expect(await held.agent("leaving").list()).toEqual([]);
      expect((await held.agent("leaving").run("job", sh("ls; echo anew"), () => {})).stdout).toBe("anew\n");
      expect((await held.agent("two").read("secret")).toString()).toBe("two's own");
    });

    test("the disk that the workspace takes is counted", async () => {
      await agent.write("weight", Buffer.alloc(8 * 1024 * 1024, 1));
      expect(await held.diskBytes()).toBeGreaterThanOrEqual(8 * 1024 * 1024);
    });
  });
}
