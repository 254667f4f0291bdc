import { execFileSync } from "node:child_process";
import { hostname } from "node:os";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { hold, sh, smallSpec } from "../workspace/desk.ts";
import { dockerDriver, IMAGE, whyNoDocker } from "./engine.ts";
import { temporaryHome } from "./temporary-home.ts";

const engine = connectEngine(process.env.DOCKER_HOST);
const reason = await whyNoDocker();

const SECRETS = [
  "-----BEGIN [A-Z ]*PRIVATE KEY-----[[:space:]]*$",
  "//[^ /]+/:_(authToken|auth|password)=",
  "npm_[A-Za-z0-9]{36}",
  "gh[pousr]_[A-Za-z0-9]{36}",
  "github_pat_[A-Za-z0-9_]{60}",
  "sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40}",
  "sk_live_[A-Za-z0-9]{20}",
  "AKIA[0-9A-Z]{16}",
  "://[A-Za-z0-9._-]+:[^@/ ]{6,}@[a-z0-9.-]+\\.[a-z]{2,}",
].join("|");

/** Where what building wrote would be found; what Debian's own packages brought below /usr is Debian's. */
const OURS = "/etc /opt /usr/local /var /root /home /build /tmp /srv /run";

describe.skipIf(reason !== null)(
  `the image of workspaces${reason === null ? "" : `: ${reason}`}`,
  { timeout: 300_000 },
  () => {
    let held: HeldWorkspace;
    let removeHome = () => Promise.resolve();
    beforeAll(async () => {
      const { home, remove } = await temporaryHome();
      held = hold(dockerDriver({ home }), smallSpec());
      removeHome = async () => {
        held.letGo();
        await dockerDriver({ home }).destroy(held.userId);
        await remove();
      };
    });
    afterAll(() => removeHome());

    /** What a look from inside finds, one a line; a look that could not be made is not one that found nothing. */
    async function look(script: string): Promise<string[]> {
      const { stdout, timedOut, truncated } = await held
        .agent("one")
        .exec(sh(`${script}; echo looked`, 240_000));
      const lines = stdout.trim().split("\n");
      expect({ last: lines.pop(), timedOut, truncated }).toEqual({
        last: "looked",
        timedOut: false,
        truncated: false,
      });
      return lines;
    }

    test("no program raises rights, by its mode or by a capability of its file", async () => {
      expect(await look("find / -xdev -type f -perm /6000 2>/dev/null")).toEqual([]);
      const granted =
        "import os,sys\nfor d,_,fs in os.walk('/'):\n if d.startswith(('/proc','/sys')): continue\n for f in fs:\n  p=os.path.join(d,f)\n  try:\n   if 'security.capability' in os.listxattr(p,follow_symlinks=False): print(p)\n  except OSError: pass";
      expect(await look(`/usr/bin/python3 -c "${granted}"`)).toEqual([]);
    });

    test("nothing is for everybody to write, and nothing belongs to the workspace's user but the workspace", async () => {
      const mine =
        "-not -path '/workspace*' -not -path '/tmp*' -not -path '/run*' -not -path '/proc*' -not -path '/dev*'";
      expect(await look(`find / -xdev -not -type l -perm -0002 ${mine} 2>/dev/null`)).toEqual([]);
      expect(await look(`find / -xdev \\( -type f -o -type d \\) -writable ${mine} 2>/dev/null`)).toEqual([]);
      expect(
        await look(
          `find / -xdev \\( -user 10001 -o -group 10001 -o -nouser -o -nogroup \\) ${mine} 2>/dev/null`,
        ),
      ).toEqual([]);
      // The look itself would find some.
      expect(await look("touch there; chmod 666 there; find . -perm -0002 -name there")).toEqual(["./there"]);
    });

    test("no key, token or password lies in what building wrote", async () => {
      const skip = "--exclude-dir=node_modules --exclude-dir=include";
      expect(await look(`grep -rIlE ${skip} -e '${SECRETS}' ${OURS} 2>/dev/null`)).toEqual([]);
      // Packages bring examples of keys in their tests and documents; no file that an installer writes is one of theirs.
      const written =
        "\\( -name .npmrc -o -name .netrc -o -name .git-credentials -o -name pip.conf -o -name '*.pem' -o -name 'id_*' -o -name .env \\)";
      expect(
        await look(
          `find ${OURS} -xdev ${written} -not -path '/etc/ssl/*' -not -path '*/node_modules/*/*' 2>/dev/null`,
        ),
      ).toEqual([]);
      // The look itself would find one.
      expect(await look(`echo "//registry.example/:_authToken=x" > it; grep -lE -e '${SECRETS}' it`)).toEqual(
        ["it"],
      );
    });

    test("nothing of the machine that built it is left: its files, its name, its registry, its certificates", async () => {
      expect(
        await look("ls -d /build /root /home /etc/ssh/ssh_host_* /etc/machine-id /etc/shadow 2>/dev/null"),
      ).toEqual([]);
      const ask = (env: NodeJS.ProcessEnv, ...more: string[]) =>
        new URL(execFileSync("npm", ["config", "get", "registry", ...more], { encoding: "utf8", env }).trim())
          .host;
      const nothing = ["--userconfig=/nonexistent/1", "--globalconfig=/nonexistent/2"];
      const registry = ask(process.env);
      const npmsOwn = ask({ PATH: process.env.PATH, NODE_ENV: "test" }, ...nothing);
      // Packages speak of npm's own everywhere.
      const names = registry === npmsOwn ? [hostname()] : [hostname(), registry];
      const known = names.filter((name) => name.length > 5).map((name) => `-e '${name}'`);
      if (known.length > 0)
        expect(await look(`grep -rIlF ${known.join(" ")} ${OURS} 2>/dev/null`)).toEqual([]);
      const image = engine.getImage(IMAGE);
      const told = JSON.stringify([await image.inspect(), await image.history()]);
      for (const name of names) if (name.length > 5) expect(told).not.toContain(name);
      expect(told).not.toMatch(new RegExp(SECRETS.replaceAll("[[:space:]]*$", "")));
    });

    test.each([
      ["node", "npm", "npx", "tsc", "python3", "pip3", "git", "gcc", "make", "bash"],
      [
        "eslint",
        "biome",
        "prettier",
        "secretlint",
        "bandit",
        "black",
        "flake8",
        "mypy",
        "shellcheck",
        "pytest-3",
      ],
      ["psql", "sqlite3", "rg", "jq", "curl", "ssh", "rsync", "unzip"],
    ])("what it promises works: %s, %s, %s, …", async (...programs) => {
      for (const program of programs) {
        const ask = program === "ssh" ? "-V" : program === "unzip" ? "-v" : "--version";
        expect(await look(`${program} ${ask} >/dev/null 2>&1 && echo ${program}`)).toEqual([program]);
      }
    });

    test("a virtual environment can be made, and what is in the image is written down with its versions", async () => {
      expect(await look("python3 -m venv v && v/bin/pip --version >/dev/null && echo works")).toEqual([
        "works",
      ]);
      const packages = await look("cat /opt/carrel/packages");
      expect(packages.length).toBeGreaterThan(100);
      expect(packages.filter((line) => !/^\S+ \S+$/.test(line))).toEqual([]);
    });
  },
);
