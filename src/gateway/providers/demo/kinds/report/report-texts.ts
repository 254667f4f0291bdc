import type { Human, Texts } from "../../design.ts";
import type { ReportShape } from "./report-shape.ts";

const COLUMNS: Record<string, Texts> = {
  rows: { en: "rows", ko: "건수", ja: "件数" },
  total: { en: "total", ko: "합계", ja: "合計" },
  share: { en: "share", ko: "비율", ja: "割合" },
  mean: { en: "mean", ko: "평균", ja: "平均" },
  least: { en: "least", ko: "최소", ja: "最小" },
  most: { en: "most", ko: "최대", ja: "最大" },
};
const MESSAGES: Record<string, Texts> = {
  help_data: { en: "CSV file with two columns", ko: "열이 둘인 CSV 파일", ja: "二列の CSV ファイル" },
  help_output: {
    en: "file for the report instead of the screen",
    ko: "화면 대신 보고서를 저장할 파일",
    ja: "画面の代わりにレポートを書くファイル",
  },
  help_chart: {
    en: "file for a bar chart (SVG)",
    ko: "막대 그래프를 저장할 파일 (SVG)",
    ja: "棒グラフを書くファイル (SVG)",
  },
  not_a_number: {
    en: "Line {line}: “{value}” is not a number.",
    ko: "{line}번째 줄: “{value}”은(는) 숫자가 아닙니다.",
    ja: "{line} 行目: 「{value}」は数ではありません。",
  },
  not_two_columns: {
    en: "Line {line} does not hold a group and a value.",
    ko: "{line}번째 줄에 구분과 값이 없습니다.",
    ja: "{line} 行目に区分と値がありません。",
  },
  no_rows: {
    en: "There are no rows below the heading.",
    ko: "제목 줄 아래에 자료가 없습니다.",
    ja: "見出しの下にデータがありません。",
  },
  unreadable: {
    en: "{path} cannot be read as UTF-8 text.",
    ko: "{path}을(를) UTF-8 텍스트로 읽을 수 없습니다.",
    ja: "{path} を UTF-8 のテキストとして読めません。",
  },
  unwritable: {
    en: "{path} cannot be written.",
    ko: "{path}에 쓸 수 없습니다.",
    ja: "{path} に書き込めません。",
  },
};
const DESCRIPTION: Record<Human, (heading: string) => string> = {
  en: (heading) => `A small data report: ${heading}.`,
  ko: (heading) => `작은 데이터 보고서입니다: ${heading}.`,
  ja: (heading) => `小さなデータレポートです: ${heading}。`,
};
const JSON_HELP: Texts = { en: "print JSON", ko: "JSON으로 출력합니다", ja: "JSON で出力する" };

/** What the README says of the numbers: from the request, or made up. */
export const ABOUT_DATA: Record<Human, Record<"given" | "made", string>> = {
  en: {
    given: "The numbers in `{file}` are those of the request.",
    made: "The numbers in `{file}` are made up; put your own there.",
  },
  ko: {
    given: "`{file}`의 숫자는 요청에 있던 것입니다.",
    made: "`{file}`의 숫자는 예시입니다. 실제 자료로 바꾸세요.",
  },
  ja: {
    given: "`{file}` の数は依頼にあったものです。",
    made: "`{file}` の数は例です。実際のデータに置き換えてください。",
  },
};

export const REPORT_PURPOSE = {
  data: { en: "the data, as CSV", ko: "자료(CSV)", ja: "データ (CSV)" },
  load: { en: "reads and checks the rows", ko: "행을 읽고 검사합니다", ja: "行を読み、検査する" },
  summarize: { en: "the figures of each group", ko: "구분별 수치", ja: "区分ごとの数値" },
  chart: { en: "the figures as a bar chart", ko: "수치를 막대 그래프로", ja: "数値を棒グラフに" },
  render: { en: "the report as a table", ko: "표로 만든 보고서", ja: "表にしたレポート" },
} satisfies Record<string, Texts>;

export function reportMessages(shape: ReportShape): Record<string, string> {
  const { human, json } = shape.design;
  const messages: Record<string, string> = {
    heading: shape.heading,
    description: DESCRIPTION[human](shape.heading),
    column_group: shape.group,
  };
  const columns = shape.measure === "sum" ? ["rows", "total", "share"] : ["rows", "mean", "least", "most"];
  for (const column of columns) messages[`column_${column}`] = COLUMNS[column]?.[human] ?? column;
  messages[shape.measure === "sum" ? "column_total" : "column_mean"] += ` (${shape.value})`;
  for (const [key, text] of Object.entries(MESSAGES)) messages[key] = text[human];
  if (json) messages.help_json = JSON_HELP[human];
  return messages;
}
