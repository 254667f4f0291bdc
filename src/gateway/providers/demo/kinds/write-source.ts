import type { Design } from "../design.ts";
import type { ProjectFile } from "./project.ts";

/** A string literal that both Python and JavaScript read as the same text; without the marks of types-in-source.ts. */
export function quote(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("‹", "\\u2039").replaceAll("›", "\\u203a");
}

/** Texts that a program shows, as a module of their own; `{name}` in a text is filled in by `say`. */
export function messagesFile(
  design: Design,
  path: string,
  purpose: string,
  messages: Record<string, string>,
): ProjectFile {
  const python = design.language === "python";
  const rows = Object.entries(messages).map(
    ([key, text]) => `    ${python ? quote(key) : key}: ${quote(text)},`,
  );
  const content = python
    ? `"""Every text that a person sees."""

MESSAGES = {
${rows.join("\n")}
}


def say(key, **values):
    """The text of \`key\` with its {places} filled in."""
    return MESSAGES[key].format(**values)
`
    : `// Every text that a person sees.

export const MESSAGES‹: Record<string, string>› = {
${rows.map((row) => row.slice(2)).join("\n")}
};

/** The text of \`key\` with its {places} filled in. */
export function say(key‹: string›, values‹: Record<string, unknown>› = {})‹: string› {
  return MESSAGES[key].replace(/\\{(\\w+)\\}/g, (_, name) => String(values[name]));
}
`;
  return { path, purpose, language: design.language, complexity: "low", dependsOn: [], content };
}

/** npm's description of a project without dependencies. */
export function packageFile(
  design: Design,
  purpose: string,
  description: string,
  extra: Record<string, unknown>,
): ProjectFile {
  const manifest = {
    name: design.name.replaceAll("_", "-"),
    version: "0.1.0",
    private: true,
    description,
    type: "module",
    ...extra,
    scripts: { test: "node --test" },
    engines: { node: design.language === "typescript" ? ">=22.18" : ">=20" },
  };
  return {
    path: "package.json",
    purpose,
    language: "json",
    complexity: "low",
    dependsOn: [],
    content: `${JSON.stringify(manifest, null, 2)}\n`,
  };
}

/** Python finds tests in a folder only when it is a package. */
export function testsPackageFile(design: Design, purpose: string): ProjectFile {
  return {
    path: "tests/__init__.py",
    purpose,
    language: "python",
    complexity: "low",
    dependsOn: [],
    content: `"""Tests of ${design.name}. Run them with: python3 -m unittest discover -v"""\n`,
  };
}
