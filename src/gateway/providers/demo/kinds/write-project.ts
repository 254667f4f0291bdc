import type { Design, Texts } from "../design.ts";
import type { Project, ProjectFile } from "./project.ts";
import { PURPOSE } from "./purposes.ts";
import { readmeFile } from "./write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "./write-source.ts";

export interface Module {
  /** file name without folder and ending; "messages" is there anyway */
  name: string;
  purpose: Texts;
  needs: string[];
  content: string;
}

/** A program with a command line: its own modules, the entry, one file of tests. */
export interface Program {
  intro: string;
  messages: Record<string, string>;
  modules: Module[];
  entry: string;
  tests: string;
  /** files that are no program: data, pages */
  others?: ProjectFile[];
  /** arguments of the commands that the README shows */
  shown: string[];
  /** arguments with which the plan shows the program at work */
  run: string[];
  /** paragraphs for the README */
  more?: string[];
}

/** The folders and names of a project in its language. */
export function placesOf(design: Design) {
  const { name } = design;
  return design.language === "python"
    ? {
        module: (file: string) => `${name}/${file}.py`,
        entry: `${name}/__main__.py`,
        tests: `tests/test_${name}.py`,
        command: ["python3", "-m", name],
      }
    : {
        module: (file: string) => `src/${name}/${file}.js`,
        entry: `${name}.js`,
        tests: `test/${name}.test.js`,
        command: ["node", `${name}.js`],
      };
}

export function writeProject(design: Design, program: Program): Project {
  const { human, name } = design;
  const python = design.language === "python";
  const { module, entry, tests, command } = placesOf(design);
  const source = (path: string, purpose: Texts, dependsOn: string[], content: string): ProjectFile => ({
    path,
    purpose: purpose[human],
    language: design.language,
    complexity: "medium",
    dependsOn,
    content,
  });
  const { intro, messages, others = [] } = program;
  const say = messagesFile(design, module("messages"), PURPOSE.messages[human], messages);
  const modules = program.modules.map((one) =>
    source(module(one.name), one.purpose, one.needs.map(module), one.content),
  );
  const needed = [say, ...modules, ...others].map(({ path }) => path);
  const init = `"""${name}: python3 -m ${name} --help"""\n`;
  const files = [
    python
      ? { ...source(module("__init__"), PURPOSE.init, [], init), complexity: "low" as const }
      : packageFile(design, PURPOSE.package[human], intro, { bin: { [name]: `./${name}.js` } }),
    say,
    ...others,
    ...modules,
    source(entry, PURPOSE.entry, needed, program.entry),
    ...(python ? [testsPackageFile(design, PURPOSE.testsPackage[human])] : []),
    source(tests, PURPOSE.tests, [entry, ...needed], program.tests),
  ];
  const usage = program.shown.map((args) => [...command, args].join(" ").trim()).join("\n");
  const readme = readmeFile(design, {
    purpose: PURPOSE.readme[human],
    intro,
    usage,
    more: program.more,
    files,
  });
  return { summary: intro, files: [...files, readme], run: [...command, ...program.run] };
}

/** The texts in one of the languages of people. */
export function inHuman(texts: Record<string, Texts>, { human }: Design): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text[human]]));
}
