import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { runSnippet, type Snippet } from "#workspaces/run-snippet.ts";
import { TUNABLES } from "#workspaces/tunables.ts";
import type { AgentDirectory } from "#workspaces/workspace.ts";
import { hold, type Platform, sh, smallSpec } from "./desk.ts";

type Language = Snippet["language"];

interface Programs {
  /** says "한글 🙂" to both streams and ends with 3 */
  speaks: string;
  /** cannot be parsed */
  malformed: string;
  /** fails at its second line with the word "burst" */
  fails: string;
  forever: string;
  /** takes more memory than there is */
  hungry: string;
  floods: string;
  where: string;
}

const PROGRAMS: Record<Language, Programs> = {
  javascript: {
    speaks: 'console.log("한글 🙂"); console.error("한글 🙂"); process.exit(3)',
    malformed: "const = 1",
    fails: 'const word = "burst";\nthrow new Error(word);',
    forever: "for (;;) {}",
    hungry: "const all = []; for (;;) all.push(Buffer.alloc(16 << 20, 1))",
    floods: 'const line = "x".repeat(65536); for (let n = 0; n < 64; n++) console.log(line)',
    where: "console.log(process.cwd())",
  },
  typescript: {
    speaks:
      'enum Code { Three = 3 }\nconst word: string = "한글 🙂"; console.log(word); console.error(word); process.exit(Code.Three)',
    malformed: "const x: = 1",
    fails: 'const word: string = "burst";\nthrow new Error(word);',
    forever: "for (;;) {}",
    hungry: "const all: Buffer[] = []; for (;;) all.push(Buffer.alloc(16 << 20, 1))",
    floods: 'const line: string = "x".repeat(65536); for (let n = 0; n < 64; n++) console.log(line)',
    where: "console.log(process.cwd())",
  },
  python: {
    speaks: 'import sys\nprint("한글 🙂")\nprint("한글 🙂", file=sys.stderr)\nsys.exit(3)',
    malformed: "def f(:",
    fails: 'word = "burst"\nraise ValueError(word)',
    forever: "while True: pass",
    hungry: "x = bytearray(400 << 20)",
    floods: 'for n in range(64): print("x" * 65536)',
    where: "import os; print(os.getcwd())",
  },
  bash: {
    speaks: 'echo "한글 🙂"; echo "한글 🙂" >&2; exit 3',
    malformed: "if true; then",
    fails: 'word=burst\necho "$word" >&2; exit 1',
    forever: "while :; do :; done",
    hungry: "exec /usr/bin/python3 -c 'x = bytearray(400 << 20)'",
    floods: 'for n in $(seq 64); do printf "%65536s\\n" x; done',
    where: "pwd",
  },
};

const LANGUAGES = Object.entries(PROGRAMS) as [Language, Programs][];

/** A package for Node, as an installer leaves it: for `import` and for `require`. */
const PACKAGES: Record<string, string> = {
  "node_modules/esm-only/package.json":
    '{ "name": "esm-only", "version": "1.0.0", "type": "module", "exports": "./main.js" }',
  "node_modules/esm-only/main.js": 'export const word = "esm"; export default () => word;',
  "node_modules/cjs-only/package.json": '{ "name": "cjs-only", "version": "1.0.0", "main": "main.js" }',
  "node_modules/cjs-only/main.js": 'module.exports = { word: "cjs" };',
  "own.mjs": 'export const word = "own";',
  "own_module.py": 'word = "own"',
};

export function snippetContract(platform: () => Platform): void {
  describe("snippets", () => {
    let held: HeldWorkspace;
    let agent: AgentDirectory;
    beforeAll(async () => {
      held = hold(platform().driver(), smallSpec());
      agent = held.agent("one");
      for (const [file, content] of Object.entries(PACKAGES)) await agent.write(file, content);
    });
    afterAll(async () => {
      await held.down();
      held.letGo();
      await platform().driver().destroy(held.userId);
    });
    const run = (language: Language, code: string, timeoutMs = 20_000) =>
      runSnippet(held, "one", { language, code, timeoutMs });

    describe.each(LANGUAGES)("%s", (language, programs) => {
      test("says what it has to say, in any letters, on both streams, and how it ended", async () => {
        const result = await run(language, programs.speaks);
        expect(result).toMatchObject({
          exitCode: 3,
          stdout: "한글 🙂\n",
          timedOut: false,
          outOfMemory: false,
        });
        expect(result.stderr).toBe("한글 🙂\n");
        expect(result.truncated).toBe(false);
        expect(result.durationMs).toBeGreaterThan(0);
      });

      test("runs in the agent's directory and leaves nothing there", async () => {
        const before = (await agent.list()).map(({ path }) => path);
        expect((await run(language, programs.where)).stdout).toBe("/workspace/agent-one\n");
        expect((await agent.list()).map(({ path }) => path)).toEqual(before);
      });

      test("that cannot be parsed, or fails, says where and why", async () => {
        const malformed = await run(language, programs.malformed);
        expect(malformed.exitCode).toBeGreaterThan(0);
        expect(malformed.stderr).toMatch(/syntax|expected|unexpected/i);
        const failed = await run(language, programs.fails);
        expect(failed.exitCode).toBe(1);
        expect(failed.stderr).toContain("burst");
        if (language !== "bash") expect(failed.stderr).toMatch(/:2\b|line 2\b/);
      });

      test("that goes on for ever is ended at its time", async () => {
        const result = await run(language, programs.forever, 1000);
        expect(result).toMatchObject({ timedOut: true, outOfMemory: false });
        expect(result.exitCode).not.toBe(0);
      });

      test("that takes more memory than there is ends, says so, and the next one runs", async () => {
        expect(await run(language, programs.hungry)).toMatchObject({ outOfMemory: true, timedOut: false });
        expect((await run(language, programs.speaks)).exitCode).toBe(3);
      });

      test("that floods is cut, and told so", async () => {
        const result = await run(language, programs.floods);
        expect(result).toMatchObject({ exitCode: 0, truncated: true });
        expect(Buffer.byteLength(result.stdout)).toBe(TUNABLES.outputLimit);
      });
    });

    test.each<[Language, string]>([
      [
        "javascript",
        'import { word } from "esm-only"; import c from "cjs-only"; import { word as o } from "./own.mjs"; console.log(word, c.word, o)',
      ],
      [
        "javascript",
        'import("./own.mjs").then(({ word }) => console.log(require("esm-only").word, require("cjs-only").word, word))',
      ],
      [
        "typescript",
        'import { word } from "esm-only"; import c from "cjs-only"; import { word as o } from "./own.mjs"; console.log(word as string, c.word, o)',
      ],
    ])("%s finds the packages of the agent's project: %s", async (language, code) => {
      expect(await run(language, code)).toMatchObject({ stdout: "esm cjs own\n", stderr: "", exitCode: 0 });
    });

    test("a package that is not there is named", async () => {
      const { stderr, exitCode } = await run("javascript", 'import "not-installed"');
      expect({ exitCode, named: stderr.includes("not-installed") }).toEqual({ exitCode: 1, named: true });
      expect((await run("python", "import not_installed")).stderr).toContain(
        "No module named 'not_installed'",
      );
    });

    test.each(["venv", ".venv"])(
      "python finds what the agent's project has in %s, and its own modules",
      async (name) => {
        const made = await agent.exec(sh(`/usr/bin/python3 -m venv --without-pip ${name}`, 60_000));
        expect(made).toMatchObject({ exitCode: 0, stderr: "" });
        await agent.exec(
          sh(
            `for d in ${name}/lib/python3*/site-packages; do echo 'word = "${name}"' > $d/installed.py; done`,
          ),
        );
        const code = "import installed, own_module, sys; print(installed.word, own_module.word, sys.prefix)";
        expect((await run("python", code)).stdout).toBe(`${name} own /workspace/agent-one/${name}\n`);
        const { stdout } = await run(
          "bash",
          'python -c "import installed; print(installed.word)"; echo "$VIRTUAL_ENV"',
        );
        expect(stdout).toBe(`${name}\n/workspace/agent-one/${name}\n`);
      },
    );

    test("programs that the project has installed are found", async () => {
      await agent.write("node_modules/.bin/greet", "#!/bin/sh\necho hello", { mode: 0o755 });
      expect((await run("bash", "greet")).stdout).toBe("hello\n");
      const code = 'console.log(require("node:child_process").execSync("greet").toString())';
      expect((await run("javascript", code)).stdout).toBe("hello\n\n");
    });
  });
}
