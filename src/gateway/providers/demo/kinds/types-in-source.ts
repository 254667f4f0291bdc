import type { Project, ProjectFile } from "./project.ts";

/**
 * The templates of JavaScript carry the types of TypeScript between ‹ and ›, so that one text is both programs: without
 * what stands between the marks it is JavaScript, with it TypeScript. `quote` keeps the marks out of a person's words.
 */
const MARKED = /‹([^‹›]*)›/g;
const IMPORTED = /(\bfrom "\.[^"\n]*)\.js"/g;

/** The project of the templates as JavaScript, or as TypeScript that Node runs as it is. */
export function inLanguage(project: Project, language: "javascript" | "typescript"): Project {
  return language === "javascript" ? withoutTypes(project) : withTypes(project);
}

const isSource = (file: ProjectFile) => file.path.endsWith(".js");

function changed(file: ProjectFile, change: (text: string) => string): ProjectFile {
  const { content, mistaken } = file;
  return {
    ...file,
    content: change(content),
    mistaken: mistaken === undefined ? mistaken : change(mistaken),
  };
}

function withoutTypes(project: Project): Project {
  const bare = (text: string) => text.replace(MARKED, "");
  return { ...project, files: project.files.map((file) => (isSource(file) ? changed(file, bare) : file)) };
}

function withTypes(project: Project): Project {
  const sources = project.files.filter(isSource).map(({ path }) => path);
  const typed = (path: string) => (sources.includes(path) ? path.replace(/\.js$/, ".ts") : path);
  // Paths are named in the README, in package.json and in pages; the longest first, since one may hold another.
  const named = [...sources].sort((one, other) => other.length - one.length);
  const rename = (text: string) => named.reduce((done, path) => done.replaceAll(path, typed(path)), text);
  const source = (text: string) => rename(text.replace(MARKED, "$1").replace(IMPORTED, '$1.ts"'));
  return {
    ...project,
    run: project.run?.map(typed),
    files: project.files.map((file) => ({
      ...changed(file, isSource(file) ? source : rename),
      path: typed(file.path),
      dependsOn: file.dependsOn.map(typed),
    })),
  };
}
