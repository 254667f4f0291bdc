import type { KeptTree } from "#engines/engine.ts";

export interface Conventions {
  /** how the project has its files formatted; null: nothing is configured there */
  formatter: { name: FormatterName; configuration: string } | null;
  /** what its tests are run with, and where that is said */
  tests: { runner: string; configuration: string }[];
}

export type FormatterName = "prettier" | "biome" | "black" | "ruff";

const PRETTIER = /^(\.prettierrc(\.(json5?|ya?ml|toml|[cm]?[jt]s))?|prettier\.config\.[cm]?[jt]s)$/;
const RUNNERS = ["vitest", "jest", "mocha", "ava", "node --test", "pytest", "unittest"];

/** What the project's own configuration says of it, in words of a closed set: no text of its files gets out of here. */
export async function findConventions(tree: KeptTree): Promise<Conventions> {
  const root = tree.paths.filter((path) => !path.includes("/"));
  const textOf = async (path: string) =>
    root.includes(path) ? ((await tree.read(path))?.toString("utf8") ?? "") : "";
  const manifest = readObject(await textOf("package.json"));
  const pyproject = await textOf("pyproject.toml");
  const has = (name: RegExp) => root.find((path) => name.test(path));
  const formatter = (name: FormatterName, configuration: string | false | undefined) =>
    configuration ? { name, configuration } : null;
  const runner = (name: string, configuration: string | false | undefined) =>
    configuration ? [{ runner: name, configuration }] : [];
  const script = String(readObject(manifest.scripts).test ?? "");
  const named = RUNNERS.find((name) => script.includes(name));
  return {
    formatter:
      formatter("biome", has(/^biome\.jsonc?$/)) ??
      formatter("prettier", has(PRETTIER) ?? ("prettier" in manifest && "package.json")) ??
      formatter("ruff", /^\[tool\.ruff\.format\]/m.test(pyproject) && "pyproject.toml") ??
      formatter("black", /^\[tool\.black\]/m.test(pyproject) && "pyproject.toml") ??
      formatter("ruff", has(/^\.?ruff\.toml$/) ?? (/^\[tool\.ruff\]/m.test(pyproject) && "pyproject.toml")),
    tests: [
      ...(named ? runner(named, "package.json") : []),
      ...runner("vitest", has(/^vitest\.config\.[cm]?[jt]s$/)),
      ...runner("jest", has(/^jest\.config\.([cm]?[jt]s|json)$/) ?? ("jest" in manifest && "package.json")),
      ...runner("pytest", has(/^pytest\.ini$/) ?? (/^\[tool\.pytest\b/m.test(pyproject) && "pyproject.toml")),
    ],
  };
}

/** A line for each; empty: nothing is configured. */
export function tellConventions({ formatter, tests }: Conventions): string {
  const told = tests.map(({ runner, configuration }) => `tests: ${runner} (${configuration})`);
  return [
    ...(formatter ? [`formatter: ${formatter.name} (${formatter.configuration})`] : []),
    ...new Set(told),
  ].join("\n");
}

function readObject(value: unknown): Record<string, unknown> {
  try {
    const read: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return typeof read === "object" && read !== null ? { ...read } : {};
  } catch {
    // No JSON, so it says nothing.
    return {};
  }
}
