import type { Design, Language } from "./design.ts";
import { writeStamp } from "./design.ts";
import type { Project, ProjectFile } from "./kinds/project.ts";
import { inLanguage } from "./kinds/types-in-source.ts";
import { variantOf } from "./kinds/variants.ts";

/** The project of a design. @throws Error when the design names a variant that is not there */
export function renderProject(design: Design): Project {
  const variant = variantOf(design.kind, design.variant);
  if (!variant) throw new Error(`the demo model has no ${design.kind}/${design.variant}`);
  const rendered = variant.render(design);
  const isKept = ({ path }: ProjectFile) => design.keepsReadme && path === "README.md";
  const project = { ...rendered, files: rendered.files.filter((file) => !isKept(file)) };
  return design.language === "python" ? project : inLanguage(project, design.language);
}

/** What the writer writes first: with the planted mistake when the design has one. */
export function firstText(design: Design, file: ProjectFile): string {
  return design.fault ? (file.mistaken ?? file.content) : file.content;
}

export const TEST_COMMAND: Record<Language, string[]> = {
  python: ["python3", "-m", "unittest", "discover", "-v"],
  javascript: ["node", "--test"],
  typescript: ["node", "--test"],
};

const STRATEGY = {
  en: "Tests on the standard library alone; every source file is covered.",
  ko: "표준 라이브러리만으로 모든 소스 파일을 테스트합니다.",
  ja: "標準ライブラリだけで、すべてのソースファイルをテストします。",
};

/** The plan in the builder's form, with the given files of the project. */
export function planOf(
  design: Design,
  words: { title: string; summary: string },
  files: ProjectFile[],
): Record<string, unknown> {
  const { run } = renderProject(design);
  return {
    title: words.title,
    summary: words.summary,
    language: design.human,
    files: files.map(({ path, purpose, language, complexity, dependsOn }) => ({
      path,
      purpose,
      language,
      complexity,
      dependsOn,
    })),
    commands: { test: [TEST_COMMAND[design.language]], ...(run ? { run: [run] } : {}) },
    testStrategy: `${STRATEGY[design.human]} ${writeStamp(design)}`,
  };
}
