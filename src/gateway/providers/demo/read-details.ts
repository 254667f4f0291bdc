import type { Human } from "./design.ts";
import { customField, FIELDS } from "./kinds/cli/keeper-fields.ts";

const QUOTED = /"([^"\n]{1,60})"|“([^”\n]{1,60})”|「([^」\n]{1,60})」|『([^』\n]{1,60})』/g;
/** Words that stand before a number and are no names: "top 5", "1 EUR = 1.08 USD". */
const NO_ITEM =
  /^(top|the|a|an|of|for|with|and|or|in|at|least|most|than|about|line|version|python|node|javascript|상위|최소|최대|약|上位|最大|最小|約|と|や|그리고|및|total|step|part|page|number|max|min|limit|up to|year|month)$/i;
const JOINTS = /\s*(?:,|、|，|\band\b|&|그리고|및)\s*/i;

/** Items in quotation marks, without the program's own name. */
export function readQuoted(text: string, title: string | null): string[] {
  const found = [...text.matchAll(QUOTED)].map((match) => match.slice(1).find(Boolean)?.trim() ?? "");
  return [...new Set(found)]
    .filter((item) => item !== "" && item !== title && !/[{}]/.test(item))
    .slice(0, 6);
}

/** Pairs like "Seoul 120, Busan 80" or "서울: 1,200": at least `least` of them, since one alone may mean anything. */
export function readPairs(text: string, least = 2): { items: string[]; numbers: number[] } {
  const pairs = new Map<string, number>();
  const pattern =
    /([\p{L}][\p{L}\p{M}'’-]*(?: [\p{L}][\p{L}\p{M}'’-]*)?|\d{4}-\d{2})\s*(?:[:=]|：|은|는|が|は)?\s*([-−]?\d[\d,]*(?:\.\d+)?)(?![\d-])/gu;
  for (const [, words = "", figure = ""] of text.matchAll(pattern)) {
    const parts = words.split(" ");
    const whole = NO_ITEM.test(parts[0] ?? "") ? parts.slice(1).join(" ") : words;
    const item = whole.replace(/ (is|are|was|were|has|had|to|with)$/i, "");
    const number = Number(figure.replaceAll(",", "").replace("−", "-"));
    if (item !== "" && !NO_ITEM.test(item) && Number.isFinite(number)) pairs.set(item, number);
  }
  if (pairs.size < least) return { items: [], numbers: [] };
  return { items: [...pairs.keys()].slice(0, 20), numbers: [...pairs.values()].slice(0, 20) };
}

const LISTED: RegExp[] = [
  /\b(?:regions?|groups?|categor(?:y|ies)|answers?|options?|months?|cit(?:y|ies)|places?|teams?|items?|products?|stores?|branches)\s*(?::|are|like|such as|namely)\s*([^.\n;]+)/i,
  /\bfor (?:the )?(?:regions|cities|months|teams|places|products|stores|branches)?\s*([\p{Lu}\p{Script=Hangul}\p{Script=Han}][\p{L}]*(?:,\s*[\p{L}]+)+(?:,?\s*and\s+[\p{L}]+)?)/u,
  /(?:지역|도시|항목|분류|응답|지점|제품|팀|매장)\s*(?:은|는|:|：)\s*([^.\n]+?)(?:이야|이에요|예요|입니다|로|으로|$|[.\n])/,
  /(?:地域|都市|項目|分類|回答|地点|商品|チーム|店舗)(?:は|:|：)\s*([^。.\n]+?)(?:です|で|$|[。.\n])/,
  /([가-힣]+(?:\s*,\s*[가-힣]+)+)\s*(?:지역|도시|지점|매장|의\s)/,
  /([\p{Script=Han}\p{Script=Katakana}ー]+(?:、[\p{Script=Han}\p{Script=Katakana}ー]+)+)の/u,
];

/** Names in a list: "regions: North, South and East", "지역은 서울, 부산". */
export function readListed(text: string): string[] {
  for (const pattern of LISTED) {
    const list = pattern.exec(text)?.[1];
    const items = list?.split(JOINTS).map((item) => item.trim()) ?? [];
    const usable = items.filter((item) => /^[\p{L}\p{N}][^{}]{0,30}$/u.test(item));
    if (usable.length >= 2) return [...new Set(usable)].slice(0, 12);
  }
  return [];
}

/** Fields of a record keeper that the text asks for: known ones by their words, others from "with fields a, b and c". */
export function readFields(text: string): string[] {
  const known = FIELDS.filter((field) => field.words.test(text)).map((field) => field.name);
  const list = /\b(?:fields?|columns?|attributes?)\s*(?::|like|named|called)?\s+([^.\n;]+)/i.exec(text)?.[1];
  const custom = (list?.split(JOINTS) ?? [])
    .map((item) =>
      item
        .trim()
        .toLowerCase()
        .replace(/^(a|an|the|for)\s+/, "")
        .replaceAll(" ", "_"),
    )
    .filter((name) => customField(name) && !FIELDS.some((field) => field.words.test(name)))
    .slice(0, 4);
  return [...new Set([...known, ...custom])];
}

const BY: RegExp[] = [
  /([\p{L}-]+)\s+(?:(?:report|figures|data|totals?|numbers)\s+)?(?:by|per)\s+(?:the\s+)?([\p{L}-]+)/iu,
  /([\p{L}]+)별\s*([\p{L}]+?)(?:을|를|의)?(?=\s|$|보고서|리포트|통계|집계)/u,
  /([\p{Script=Han}\p{Script=Katakana}ー]+)(?:別|ごと)の?\s*([\p{Script=Han}\p{Script=Katakana}ー]+?)(?:を|の|レポート|報告|集計|$)/u,
];

/** [what is measured, by what] of "sales by region", "지역별 매출", "地域別売上". */
export function readLabels(text: string): string[] {
  for (const [index, pattern] of BY.entries()) {
    const match = pattern.exec(text);
    if (!match) continue;
    const [first = "", second = ""] = match.slice(1);
    const labels = index === 0 ? [first.toLowerCase(), second.toLowerCase()] : [second, first];
    const usable = labels.every(
      (label) =>
        label.length > 0 &&
        label.length <= 20 &&
        !/^(report|written|made|it|a|the|me|line|step|file)$/i.test(label),
    );
    if (usable) return labels;
  }
  return [];
}

/** The first number after "top", "상위", "上位" and the like. */
export function readTop(text: string): number[] {
  const match =
    /(?:\btop|most (?:common|frequent)|상위|많이 나온|上位)\s*(\d{1,4})|(\d{1,4})\s*most (?:common|frequent)/i.exec(
      text,
    );
  const number = Number(match?.[1] ?? match?.[2]);
  return Number.isInteger(number) && number > 0 ? [number] : [];
}

const SUBJECT: RegExp[] = [
  /\b(?:tracks?|tracking|manag(?:e|es|ing)|organi[sz](?:e|es|ing)|keeps? (?:track of|a list of)|catalog(?:ue)?s?)\s+(?:my |our |the |all |a |an )*([\p{L}][\p{L}' -]{1,30}?)(?=\s+(?:with|in|using|and|that|on|by|from|for|called|named)\b|[.,;:!?\n]|$)/iu,
  /\b([\p{L}][\p{L}-]*(?: [\p{L}-]+)?)\s+(?:tracker|manager|catalog(?:ue)?|inventory|list|log|collection|organi[sz]er)\b/iu,
  /([\p{L}\p{N} ]{1,20}?)(?:을|를)?\s*(?:관리|기록|정리)/u,
  /([\p{Script=Han}\p{Script=Katakana}\p{Script=Hiragana}ー]{1,20}?)(?:を|の)?(?:管理|記録|整理)/u,
];

/** What the program is about when it has no name for it: the words around "track", "관리", "管理", else the request's first words. */
export function readSubject(text: string, human: Human): string {
  for (const pattern of SUBJECT) {
    const found = pattern
      .exec(text)?.[1]
      ?.trim()
      .replace(/^(a|an|the|my|our|simple|small|me|내|나의)\s+/i, "");
    if (found) return found.slice(0, 40);
  }
  const line =
    text
      .trim()
      .split(/[\n.!?。！？]/)[0]
      ?.trim() ?? "";
  const opening =
    human === "en"
      ? /^(please\s+)?(make|create|build|write|give|do|i (want|need))( me)?\s+(a|an|the)?\s*/i
      : /(?!)/;
  const ending =
    /\s*(?:을|를)?\s*(?:만들어|작성해|개발해)[\s가-힣]*$|を?(?:作って|作成して|書いて)[\p{Script=Hiragana}]*$/u;
  const words = line.replace(opening, "").replace(ending, "").replace(/[{}]/g, "");
  return [...words].slice(0, 60).join("").trim();
}
