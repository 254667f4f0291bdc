import type { Human, Texts } from "../../design.ts";
import { hasKind, type KeeperShape } from "./keeper-shape.ts";

type Words = Record<string, Texts>;

const ALWAYS: Words = {
  empty: {
    en: "The text must not be empty.",
    ko: "내용은 비워 둘 수 없습니다.",
    ja: "内容を空にはできません。",
  },
  added: { en: "Added: {entry}", ko: "추가함: {entry}", ja: "追加しました: {entry}" },
  removed: { en: "Removed: {entry}", ko: "삭제함: {entry}", ja: "削除しました: {entry}" },
  nothing: { en: "Nothing here yet.", ko: "아직 아무것도 없습니다.", ja: "まだ何もありません。" },
  no_entry: {
    en: "There is no entry number {number}.",
    ko: "{number}번 항목이 없습니다.",
    ja: "{number} 番の項目はありません。",
  },
  unreadable: {
    en: "The file {path} cannot be read or written.",
    ko: "파일 {path}을(를) 읽거나 쓸 수 없습니다.",
    ja: "ファイル {path} を読み書きできません。",
  },
  damaged: {
    en: "The file {path} does not hold a list of entries; it was left as it is.",
    ko: "파일 {path}에 항목 목록이 없습니다. 파일은 그대로 두었습니다.",
    ja: "ファイル {path} は項目の一覧ではありません。ファイルには触れていません。",
  },
  help_add: { en: "add an entry", ko: "항목을 추가합니다", ja: "項目を追加する" },
  help_list: { en: "show the entries", ko: "항목을 보여 줍니다", ja: "項目を表示する" },
  help_remove: { en: "remove an entry", ko: "항목을 삭제합니다", ja: "項目を削除する" },
  help_file: {
    en: "file that holds the entries",
    ko: "항목을 저장하는 파일",
    ja: "項目を保存するファイル",
  },
  help_main: { en: "what to remember", ko: "기억할 내용", ja: "覚えておく内容" },
  help_number: { en: "number of the entry", ko: "항목 번호", ja: "項目の番号" },
};
const TICKS: Words = {
  done: { en: "Done: {entry}", ko: "완료함: {entry}", ja: "完了しました: {entry}" },
  help_done: { en: "tick an entry off", ko: "항목을 완료로 표시합니다", ja: "項目を完了にする" },
  help_open: { en: "only what is not done", ko: "완료하지 않은 것만", ja: "未完了のものだけ" },
};
const TOTALS: Words = {
  total: { en: "Total: {total}", ko: "합계: {total}", ja: "合計: {total}" },
  help_total: { en: "add up the amounts", ko: "금액을 모두 더합니다", ja: "金額を合計する" },
};
const KINDS: Words = {
  choice: {
    en: "“{value}” is not one of: {choices}.",
    ko: "“{value}”은(는) 다음 중 하나가 아닙니다: {choices}.",
    ja: "「{value}」は次のどれでもありません: {choices}。",
  },
  date: {
    en: "“{value}” is not a date like 2030-01-31.",
    ko: "“{value}”은(는) 2030-01-31 형식의 날짜가 아닙니다.",
    ja: "「{value}」は 2030-01-31 の形の日付ではありません。",
  },
  amount: {
    en: "“{value}” is not an amount above zero like 12.50.",
    ko: "“{value}”은(는) 12.50처럼 0보다 큰 금액이 아닙니다.",
    ja: "「{value}」は 12.50 のような 0 より大きい金額ではありません。",
  },
};
const JSON_HELP: Texts = { en: "show them as JSON", ko: "JSON으로 보여 줍니다", ja: "JSON で表示する" };

const JAVASCRIPT_ONLY: Words = {
  usage: {
    en: "usage: {command} <command>",
    ko: "사용법: {command} <명령>",
    ja: "使い方: {command} <コマンド>",
  },
  unknown: {
    en: "“{command}” is not a command; try --help.",
    ko: "“{command}”은(는) 없는 명령입니다. --help를 보세요.",
    ja: "「{command}」というコマンドはありません。--help をご覧ください。",
  },
  missing: {
    en: "Something is missing: {usage}",
    ko: "빠진 것이 있습니다: {usage}",
    ja: "足りないものがあります: {usage}",
  },
};

/** The messages of a record keeper in the request's language. */
export function keeperMessages(shape: KeeperShape, description: string): Record<string, string> {
  const { human, json, language } = shape.design;
  const messages: Record<string, string> = { description };
  const take = (words: Words) => {
    for (const [key, text] of Object.entries(words)) messages[key] = text[human];
  };
  take(ALWAYS);
  if (shape.ticks) take(TICKS);
  if (shape.totals) take(TOTALS);
  for (const kind of ["choice", "date", "amount"] as const) {
    if (hasKind(shape, kind)) messages[`not_${kind}`] = KINDS[kind]?.[human] ?? "";
  }
  if (json) messages.help_json = JSON_HELP[human];
  if (language !== "python") take(JAVASCRIPT_ONLY);
  for (const field of shape.fields) messages[`label_${field.name}`] = field.label[human];
  return messages;
}

export const KEEPER_PURPOSE: Record<string, Record<Human, string>> = {
  entries: {
    en: "what one entry holds and the checks on it",
    ko: "항목 하나의 내용과 검사",
    ja: "項目ひとつの内容と検査",
  },
  store: {
    en: "loads and saves the entries in one JSON file",
    ko: "항목을 JSON 파일 하나에 저장하고 읽습니다",
    ja: "項目を一つの JSON ファイルに保存し、読み込む",
  },
  commands: {
    en: "the commands, from old entries to new ones",
    ko: "명령들: 이전 항목에서 새 항목으로",
    ja: "コマンド: 前の項目から新しい項目へ",
  },
};
