import type { Design, Human, Texts } from "../design.ts";
import type { ProjectFile } from "./project.ts";

const HEADINGS: Record<Human, { use: string; files: string; tests: string; changes: string }> = {
  en: { use: "Use", files: "Files", tests: "Tests", changes: "Changes" },
  ko: { use: "사용법", files: "파일", tests: "테스트", changes: "변경 사항" },
  ja: { use: "使い方", files: "ファイル", tests: "テスト", changes: "変更点" },
};
const NEEDS: Record<Human, (language: string) => string> = {
  en: (language) => `It needs ${language} and nothing else.`,
  ko: (language) => `${language} 외에는 아무것도 필요하지 않습니다.`,
  ja: (language) => `${language} のほかには何も必要ありません。`,
};
/** TypeScript: the first Node that leaves out types by itself. */
const ENGINE = { python: "Python 3.9+", javascript: "Node.js 20+", typescript: "Node.js 22.18+" };
const SIGNED: Texts = {
  en: "Written by Carrel's scripted demo model from prepared templates; add a key for real work.",
  ko: "Carrel의 스크립트 데모 모델이 준비된 틀로 작성했습니다. 실제 작업에는 키를 추가하세요.",
  ja: "Carrel のスクリプト式デモモデルが、用意されたひな型から書きました。実際の作業にはキーを追加してください。",
};
const FALLBACK: Texts = {
  en: "Nothing in the demo model's script fits the request exactly; this is the nearest program it knows.",
  ko: "데모 모델의 스크립트에는 요청과 정확히 맞는 것이 없어, 가장 가까운 프로그램을 만들었습니다.",
  ja: "デモモデルの台本に依頼とぴったり合うものがないため、最も近いプログラムを作りました。",
};
const DONE: Texts = { en: "done", ko: "반영함", ja: "反映済み" };
const NOTED: Texts = {
  en: "only written down: the scripted demo model cannot make this change",
  ko: "기록만 함: 스크립트 데모 모델은 이 변경을 할 수 없습니다",
  ja: "記録のみ: スクリプト式デモモデルはこの変更を行えません",
};

export interface ReadmeParts {
  purpose: string;
  intro: string;
  /** code block with commands or code */
  usage: string;
  usageLanguage?: string;
  /** paragraphs after the usage */
  more?: string[];
  files: ProjectFile[];
}

/** The README of a generated project, in the request's language; it says who wrote it. */
export function readmeFile(design: Design, parts: ReadmeParts): ProjectFile {
  const { human } = design;
  const heading = HEADINGS[human];
  const python = design.language === "python";
  const lines = [`# ${design.title}`, "", parts.intro];
  if (design.fallback) lines.push("", FALLBACK[human]);
  lines.push(NEEDS[human](ENGINE[design.language]));
  lines.push("", `## ${heading.use}`, "", `\`\`\`${parts.usageLanguage ?? "sh"}`, parts.usage.trim(), "```");
  for (const paragraph of parts.more ?? []) lines.push("", paragraph);
  lines.push("", `## ${heading.files}`, "");
  for (const file of parts.files) lines.push(`- \`${file.path}\`: ${file.purpose}`);
  lines.push(
    "",
    `## ${heading.tests}`,
    "",
    "```sh",
    python ? "python3 -m unittest discover -v" : "node --test",
    "```",
  );
  if (design.notes.length > 0) {
    lines.push("", `## ${heading.changes}`, "");
    for (const note of design.notes)
      lines.push(`- “${note.asked}”: ${note.done ? DONE[human] : NOTED[human]}`);
  }
  lines.push("", "---", SIGNED[human], "");
  return {
    path: "README.md",
    purpose: parts.purpose,
    language: "markdown",
    complexity: "low",
    dependsOn: parts.files.filter((file) => file.complexity !== "low").map((file) => file.path),
    content: lines.join("\n"),
  };
}
