import type { Design, Texts } from "../../design.ts";

export interface Field {
  name: string;
  kind: "text" | "choice" | "date" | "amount" | "tags";
  label: Texts;
  /** words of a request that ask for it */
  words: RegExp;
  choices?: string[];
  fallback?: string;
  /** an argument of its own instead of an option */
  required?: boolean;
  sample: string;
}

export const FIELDS: Field[] = [
  {
    name: "priority",
    kind: "choice",
    label: { en: "priority", ko: "우선순위", ja: "優先度" },
    words: /priorit|우선\s?순위|중요도|優先/i,
    choices: ["low", "normal", "high"],
    fallback: "normal",
    sample: "high",
  },
  {
    name: "due",
    kind: "date",
    label: { en: "due", ko: "마감", ja: "期限" },
    words: /\bdue\b|deadline|마감|기한|期限|締め?切/i,
    sample: "2030-01-31",
  },
  {
    name: "amount",
    kind: "amount",
    label: { en: "amount", ko: "금액", ja: "金額" },
    words: /\bamounts?\b|\bprices?\b|\bcosts?\b|금액|가격|비용|金額|値段|価格/i,
    required: true,
    sample: "12.50",
  },
  {
    name: "category",
    kind: "text",
    label: { en: "category", ko: "분류", ja: "分類" },
    words: /categor|카테고리|분류|カテゴリ|分類/i,
    sample: "food",
  },
  {
    name: "date",
    kind: "date",
    label: { en: "date", ko: "날짜", ja: "日付" },
    words: /\bdates?\b|날짜|日付/i,
    sample: "2030-01-31",
  },
  {
    name: "tags",
    kind: "tags",
    label: { en: "tags", ko: "태그", ja: "タグ" },
    words: /\btag(s|ging|ged)?\b|태그|タグ/i,
    sample: "home,urgent",
  },
  {
    name: "author",
    kind: "text",
    label: { en: "author", ko: "저자", ja: "著者" },
    words: /\bauthors?\b|저자|작가|著者|作者/i,
    sample: "Ada",
  },
  {
    name: "rating",
    kind: "choice",
    label: { en: "rating", ko: "평점", ja: "評価" },
    words: /\bratings?\b|평점|별점|評価/i,
    choices: ["1", "2", "3", "4", "5"],
    sample: "4",
  },
  {
    name: "place",
    kind: "text",
    label: { en: "place", ko: "장소", ja: "場所" },
    words: /\b(place|location)s?\b|장소|위치|場所/i,
    sample: "desk",
  },
  {
    name: "note",
    kind: "text",
    label: { en: "note", ko: "메모", ja: "メモ" },
    words: /\bwith (a )?notes?\b|\bcomments?\b|비고|備考/i,
    sample: "blue",
  },
];

/** Names that a field cannot have: the program uses them itself, or they are words of a language. */
const TAKEN = new Set(
  "id act done name title text what file json open help command number entry class def return import from in is not and or if else for while new this delete typeof default function var let const option options".split(
    " ",
  ),
);

/** A field that only this request knows: plain text under its own name, or null when the name cannot be used. */
export function customField(name: string): Field | null {
  if (!/^[a-z][a-z0-9_]{1,19}$/.test(name) || TAKEN.has(name)) return null;
  return {
    name,
    kind: "text",
    label: { en: name, ko: name, ja: name },
    words: /(?!)/,
    sample: "blue",
  };
}

/** The fields of a design, required ones first: they are arguments, in this order. */
export function fieldsOf(design: Design): Field[] {
  const fields = design.fields.flatMap((name) => {
    const field = FIELDS.find((one) => one.name === name) ?? customField(name);
    return field ? [field] : [];
  });
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}
