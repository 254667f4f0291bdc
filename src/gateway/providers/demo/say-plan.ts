import type { Design, Human } from "./design.ts";
import { variantOf } from "./kinds/variants.ts";

interface Words {
  kinds: Record<Design["kind"], string>;
  made: string;
  took: string;
  name: string;
  fields: string;
  items: string;
  numbers: string;
  fallback: string;
  otherLanguage: (language: string) => string;
  fault: string;
  changed: string;
  noted: string;
  notNoted: string;
}

const WORDS: Record<Human, Words> = {
  en: {
    kinds: {
      cli: "command-line tool",
      library: "library",
      report: "data report",
      service: "REST service",
      page: "static page",
      game: "game",
      crawler: "local crawler",
    },
    made: "Scripted demo model; add a key for real work.",
    took: "Taken from the request",
    name: "name",
    fields: "fields",
    items: "items",
    numbers: "numbers",
    fallback: "Nothing in its script fits exactly, so this is the nearest program that it knows.",
    otherLanguage: (language) => `It writes this one in ${language}, which the workspace has.`,
    fault: "Its first draft holds a small mistake on purpose, so that a repair can be seen.",
    changed: "Change",
    noted:
      "The script cannot make this change: it is written down in the README, and the tests cover empty input.",
    notNoted: "The script cannot make this change; the tests cover empty input.",
  },
  ko: {
    kinds: {
      cli: "명령줄 도구",
      library: "라이브러리",
      report: "데이터 보고서",
      service: "REST 서비스",
      page: "정적 페이지",
      game: "게임",
      crawler: "로컬 크롤러",
    },
    made: "스크립트 데모 모델입니다. 실제 작업에는 키를 추가하세요.",
    took: "요청에서 가져온 것",
    name: "이름",
    fields: "필드",
    items: "항목",
    numbers: "숫자",
    fallback: "스크립트에 정확히 맞는 것이 없어 가장 가까운 프로그램을 만듭니다.",
    otherLanguage: (language) => `작업 공간에 있는 ${language}(으)로 작성합니다.`,
    fault: "수리 과정을 볼 수 있도록 첫 초안에 작은 실수를 일부러 넣었습니다.",
    changed: "변경",
    noted: "스크립트로는 이 변경을 할 수 없어 README에 기록하고, 빈 입력을 테스트로 확인합니다.",
    notNoted: "스크립트로는 이 변경을 할 수 없어, 빈 입력만 테스트로 확인합니다.",
  },
  ja: {
    kinds: {
      cli: "コマンドラインツール",
      library: "ライブラリ",
      report: "データレポート",
      service: "REST サービス",
      page: "静的ページ",
      game: "ゲーム",
      crawler: "ローカルクローラー",
    },
    made: "スクリプト式デモモデルです。実際の作業にはキーを追加してください。",
    took: "依頼から取ったもの",
    name: "名前",
    fields: "項目名",
    items: "項目",
    numbers: "数",
    fallback: "台本にぴったり合うものがないため、最も近いプログラムを作ります。",
    otherLanguage: (language) => `ワークスペースにある ${language} で書きます。`,
    fault: "修理の様子が見えるように、最初の下書きにわざと小さな間違いを入れています。",
    changed: "変更",
    noted: "台本ではこの変更ができないため、README に記録し、空の入力をテストで確かめます。",
    notNoted: "台本ではこの変更ができないため、空の入力をテストで確かめるだけです。",
  },
};
const LANGUAGE = { python: "Python", javascript: "JavaScript", typescript: "TypeScript" };

export function planTitle(design: Design): string {
  const label = variantOf(design.kind, design.variant)?.label[design.human] ?? "";
  const what = `${WORDS[design.human].kinds[design.kind]}, ${LANGUAGE[design.language]}`;
  const named = design.title.toLowerCase() !== label.toLowerCase();
  return `${design.title}${named ? `: ${label}` : ""} (${what})`.slice(0, 200);
}

/** What of the request went into the design, apart from what the design has anyway. */
export interface Taken {
  /** the workspace lacks, or the demo model does not write, the language that was asked for */
  refused: boolean;
  named: boolean;
  fields: string[];
}

/** The plan's summary for the person: what it will be, what it took from the request, and that it is scripted. */
export function planSummary(design: Design, intro: string, taken: Taken): string {
  const words = WORDS[design.human];
  const fields = design.fields.filter((field) => taken.fields.includes(field));
  const took = [
    ...(taken.named ? [`${words.name} ${design.title}`] : []),
    ...(fields.length > 0 ? [`${words.fields} ${fields.join(", ")}`] : []),
    ...(design.items.length > 0 ? [`${words.items} ${design.items.join(", ")}`] : []),
    ...(design.numbers.length > 0 ? [`${words.numbers} ${design.numbers.join(", ")}`] : []),
  ];
  const stop = design.human === "ja" ? "。" : ".";
  const lines = [intro];
  if (took.length > 0) lines.push(`${words.took}: ${took.join("; ")}${stop}`);
  if (design.fallback) lines.push(words.fallback);
  if (taken.refused) lines.push(words.otherLanguage(LANGUAGE[design.language]));
  if (design.fault) lines.push(words.fault);
  lines.push(words.made);
  return lines.join(design.human === "ja" ? "" : " ");
}

/** The summary of a round of changes: the change in the user's words, and whether the script could make it. */
export function changeSummary(design: Design): string {
  const words = WORDS[design.human];
  const note = design.notes.at(-1);
  const lines = [
    `${words.changed}: “${note?.asked ?? ""}”${design.human === "ja" ? "。" : "."}`,
    ...(note?.done ? [] : [design.keepsReadme ? words.notNoted : words.noted]),
    words.made,
  ];
  return lines.join(design.human === "ja" ? "" : " ");
}
