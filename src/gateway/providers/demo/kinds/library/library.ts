import type { Design, Texts } from "../../design.ts";
import type { Project, ProjectFile, Variant } from "../project.ts";
import { PURPOSE } from "../purposes.ts";
import { readmeFile } from "../write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "../write-source.ts";

export interface LibraryModule {
  /** file name without folder and ending */
  name: string;
  /** names of modules; "messages" is one */
  needs: string[];
  content: string;
  mistaken?: string;
}

/** One library in one language. The place `PACKAGE` in the tests and the example stands for the package's name. */
export interface LibrarySources {
  modules: LibraryModule[];
  /** name of the module -> what the package offers of it */
  exports: Record<string, string[]>;
  tests: string;
  /** one more test, when asked for */
  emptyTest: string;
  example: string;
}

export interface LibrarySpec extends Omit<Variant, "render"> {
  about: Texts;
  messages: Record<string, Texts>;
  /** what each module is for, by its name */
  purposes: Record<string, Texts>;
  /** what is wrong with the mistaken module */
  lesson: Texts;
  sources: Record<"python" | "javascript", (design: Design) => LibrarySources>;
}

function initFile(design: Design, sources: LibrarySources): string {
  const rows = Object.entries(sources.exports);
  if (design.language === "python") {
    const names = rows.flatMap(([, names]) => names).sort();
    const imports = rows.map(([module, names]) => `from .${module} import ${names.join(", ")}`);
    return `"""${design.name}: see README.md"""

${imports.join("\n")}

__all__ = [${names.map((name) => `"${name}"`).join(", ")}]
`;
  }
  return `${rows.map(([module, names]) => `export { ${names.join(", ")} } from "./${module}.js";`).join("\n")}\n`;
}

function renderLibrary(spec: LibrarySpec, design: Design): Project {
  const { human, language, name } = design;
  const python = language === "python";
  const sources = spec.sources[python ? "python" : "javascript"](design);
  const at = (file: string) => (python ? `${name}/${file}.py` : `src/${name}/${file}.js`);
  const intro = spec.about[human];
  const texts = Object.fromEntries(Object.entries(spec.messages).map(([key, text]) => [key, text[human]]));
  const modules: ProjectFile[] = sources.modules.map((module) => ({
    path: at(module.name),
    purpose: spec.purposes[module.name]?.[human] ?? "",
    language,
    complexity: "medium",
    dependsOn: module.needs.map(at),
    content: module.content,
    mistaken: module.mistaken,
  }));
  const index = at(python ? "__init__" : "index");
  const names = modules.map((module) => module.path);
  const tests = sources.tests.replace("EMPTY_TEST", () => (design.emptyTest ? sources.emptyTest : ""));
  const fill = (text: string) => text.replaceAll("PACKAGE", name);
  const testFile: ProjectFile = {
    path: python ? `tests/test_${name}.py` : `test/${name}.test.js`,
    purpose: PURPOSE.tests[human],
    language,
    complexity: "medium",
    dependsOn: [index, ...names],
    content: fill(tests),
  };
  const files: ProjectFile[] = [
    ...(python
      ? []
      : [packageFile(design, PURPOSE.package[human], intro, { exports: `./src/${name}/index.js` })]),
    messagesFile(design, at("messages"), PURPOSE.messages[human], texts),
    ...modules,
    {
      path: index,
      purpose: PURPOSE.init[human],
      language,
      complexity: "low",
      dependsOn: names,
      content: initFile(design, sources),
    },
    ...(python ? [testsPackageFile(design, PURPOSE.testsPackage[human])] : []),
    testFile,
  ];
  const readme = readmeFile(design, {
    purpose: PURPOSE.readme[human],
    intro,
    usage: fill(sources.example),
    usageLanguage: { python: "python", javascript: "js", typescript: "ts" }[language],
    files,
  });
  return { summary: intro, files: [...files, readme], lesson: spec.lesson[human] };
}

export function library(spec: LibrarySpec): Variant {
  const { id, defaultName, words, phrases, label } = spec;
  return { id, defaultName, words, phrases, label, render: (design) => renderLibrary(spec, design) };
}

/** The text with one place changed; the template must hold that place. */
export function withMistake(content: string, right: string, wrong: string): string {
  if (!content.includes(right)) throw new Error(`the template does not hold: ${right}`);
  return content.replace(right, () => wrong);
}
