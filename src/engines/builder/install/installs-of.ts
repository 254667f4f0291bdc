import { z } from "zod";
import type { Project } from "#engines/builder/project.ts";

/** Files that say what a project needs. */
export const MANIFESTS = [
  "requirements.txt",
  "pyproject.toml",
  "package.json",
  "package-lock.json",
  "pnpm-lock.yaml",
];

// What the workspace has for Python stays in sight: its pytest, say, needs no network.
const VENV = ["sh", "-c", "[ -x .venv/bin/python3 ] || exec python3 -m venv --system-site-packages .venv"];
const PIP = ["python3", "-m", "pip", "install", "--no-input", "--progress-bar", "off"];

// pnpm reads little of npm's configuration, which names the workspace's own registry.
const PNPM = 'exec npx --yes pnpm install --frozen-lockfile --registry "$(npm config get registry)"';

// The dependencies alone: building the project itself would leave its products beside its sources.
const PYPROJECT = `import subprocess, sys, tomllib
with open("pyproject.toml", "rb") as file:
    told = tomllib.load(file)
project = told.get("project", {})
wanted = list(project.get("dependencies", []))
for more in project.get("optional-dependencies", {}).values():
    wanted += more
for more in told.get("dependency-groups", {}).values():
    wanted += [each for each in more if isinstance(each, str)]
sys.exit(subprocess.call([sys.executable, *sys.argv[1:], "--", *wanted]) if wanted else 0)`;

// Blanks of one line alone: over many empty lines each would be read again from every one before it.
const NAMES_ONE = /^[^\S\n]*[^\s#]/m;
const NAMES_SOME = /^[^\S\n]*(dependencies[^\S\n]*=|\[(project\.optional-dependencies|dependency-groups)\])/m;

export interface Install {
  label: string;
  argv: string[];
}

/** How the project's packages are installed: as the plan says, else as its files do. Empty: it needs none. */
export async function installsOf(project: Project): Promise<Install[]> {
  const planned = project.plan.commands.install ?? [];
  const found = planned.length > 0 ? planned.map((argv) => ({ label: argv.join(" "), argv })) : [];
  const installs = planned.length > 0 ? found : [...(await forPython(project)), ...(await forNode(project))];
  const needsVenv = installs.some(({ argv }) => /^(python3?|pip3?)$/.test(argv[0] ?? ""));
  return needsVenv ? [{ label: "python3 -m venv .venv", argv: VENV }, ...installs] : installs;
}

async function forPython(project: Project): Promise<Install[]> {
  const requirements = (await project.read("requirements.txt")) ?? "";
  if (NAMES_ONE.test(requirements))
    return [{ label: "pip install -r requirements.txt", argv: [...PIP, "-r", "requirements.txt"] }];
  const pyproject = (await project.read("pyproject.toml")) ?? "";
  if (!NAMES_SOME.test(pyproject)) return [];
  return [{ label: "pip install (pyproject.toml)", argv: ["python3", "-c", PYPROJECT, ...PIP.slice(1)] }];
}

const Package = z.object({
  dependencies: z.record(z.string(), z.unknown()).default({}),
  devDependencies: z.record(z.string(), z.unknown()).default({}),
});

async function forNode(project: Project): Promise<Install[]> {
  const quiet = ["--no-audit", "--no-fund"];
  if ((await project.read("pnpm-lock.yaml")) !== null)
    return [{ label: "pnpm install", argv: ["sh", "-c", PNPM] }];
  if ((await project.read("package-lock.json")) !== null)
    return [{ label: "npm ci", argv: ["npm", "ci", ...quiet] }];
  return needsPackages(await project.read("package.json"))
    ? [{ label: "npm install", argv: ["npm", "install", ...quiet] }]
    : [];
}

/** Whether a package.json names any. */
export function needsPackages(text: string | null): boolean {
  try {
    const { dependencies, devDependencies } = Package.parse(JSON.parse(text ?? ""));
    return Object.keys({ ...dependencies, ...devDependencies }).length > 0;
  } catch {
    // No package.json, or one that npm cannot read either: the tests will show it.
    return false;
  }
}
