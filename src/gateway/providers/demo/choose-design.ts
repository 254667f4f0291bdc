import { PRINTS_JSON } from "./apply-change.ts";
import { type Design, type Human, KINDS, type Kind, type Language } from "./design.ts";
import { askedLanguage, detectHuman } from "./detect-language.ts";
import { readSymbol } from "./kinds/cli/monitor.ts";
import { readMost } from "./kinds/game/game.ts";
import type { Variant } from "./kinds/project.ts";
import { VARIANTS } from "./kinds/variants.ts";
import {
  readFields,
  readLabels,
  readListed,
  readPairs,
  readQuoted,
  readSubject,
  readTop,
} from "./read-details.ts";
import { identifierOf, readName } from "./read-name.ts";

const KIND_WORDS: Record<Kind, RegExp> = {
  cli: /\bcli\b|command[- ]?line|\bterminal\b|\bconsole\b|\bcommand\b|명령\s?줄|명령행|커맨드|터미널|콘솔|コマンド|ターミナル|端末/i,
  library:
    /\blibrar(y|ies)\b|\bmodule\b|\bpackage\b|\bfunctions?\b|라이브러리|모듈|패키지|함수|ライブラリ|モジュール|パッケージ|関数/i,
  report:
    /\breports?\b|\bsummar(y|ize)\b|\banaly(sis|ze|se)\b|\bdashboard|\b(bar )?(charts?|graphs?)\b|보고서|리포트|집계|분석|통계표|차트|그래프|レポート|報告|集計|分析|グラフ|チャート/i,
  service:
    /\brest(ful)?[- ](api|service|server)|\bapi\b|\b(web|http|micro) ?(service|server)\b|\bback-?end\b|\bendpoints?\b|서비스|서버|백엔드|サービス|サーバー?|バックエンド/i,
  page: /\b(web|static|landing|html|home) ?-?(page|site)s?\b|\bhtml\b|\bweb ?app\b|웹\s?(페이지|사이트|앱)|홈페이지|정적\s?(인\s)?페이지|(ウェブ|Web|ホーム|静的な?)\s?(ページ|サイト|アプリ)/i,
  game: /\bgames?\b|게임|ゲーム/i,
  crawler: /\bcrawl|\bspider\b|\bscrap(er?|ing)\b|크롤|스크래|クロール|クローラ|スクレイピング/i,
};
const KIND_WEIGHT = 5;
const WORDS_WEIGHT = 3;
const PHRASE_WEIGHT = 6;

interface Choice {
  kind: Kind;
  variant: Variant;
  score: number;
}

function score(text: string, kind: Kind, variant: Variant): number {
  return (
    (KIND_WORDS[kind].test(text) ? KIND_WEIGHT : 0) +
    (variant.words.test(text) ? WORDS_WEIGHT : 0) +
    (variant.phrases?.test(text) ? PHRASE_WEIGHT : 0)
  );
}

/** The program that fits the text best; ties go to the first in the list. */
export function choosePlant(text: string): Choice {
  const choices = KINDS.flatMap((kind) =>
    VARIANTS[kind].map((variant) => ({ kind, variant, score: score(text, kind, variant) })),
  );
  const best = choices.reduce((one, other) => (other.score > one.score ? other : one));
  if (best.score !== 0 && best.score !== KIND_WEIGHT) return best;
  // Only the kind is known, or nothing at all: the last of the kind stands in.
  const kind = best.score === 0 ? "cli" : best.kind;
  return { kind, variant: VARIANTS[kind].at(-1) as Variant, score: best.score };
}

/** Whether the text asks for a program of its own, and not for a change to the one that is there. */
export function asksForNewProgram(text: string): boolean {
  const makes =
    /\b(make|create|build|write|develop|generate)\b(?! (it|this|sure))|\bi (want|need) an? |만들어|작성해|개발해|作って|作成|書いて/i.test(
      text,
    );
  const kind = Object.values(KIND_WORDS).some((words) => words.test(text));
  return makes && (kind || choosePlant(text).score >= PHRASE_WEIGHT);
}

function languageFor(text: string, offered: Language[]): Language {
  const asked = askedLanguage(text);
  if (asked && offered.includes(asked)) return asked;
  // The same Node runs both; one that cannot leave out types has JavaScript alone.
  return asked === "typescript" && offered.includes("javascript") ? "javascript" : (offered[0] as Language);
}

function detailsFor(text: string, choice: Choice, title: string | null, human: Human) {
  const { kind, variant } = choice;
  if (kind === "report") {
    const pairs = readPairs(text);
    const items = pairs.items.length > 0 ? pairs.items : readListed(text);
    return { items, numbers: pairs.numbers, labels: readLabels(text) };
  }
  if (kind === "cli" && variant.id === "counter") return { numbers: readTop(text) };
  if (kind === "cli" && variant.id === "monitor") return { items: readSymbol(text) };
  if (kind === "service") return { items: readQuoted(text, title) };
  if (kind === "game") return { numbers: variant.id === "guess" ? readMost(text) : [] };
  if (kind === "crawler") return {};
  if (kind === "page") {
    const quoted = readQuoted(text, title);
    return { items: quoted.length > 0 ? quoted : readListed(text) };
  }
  // The words of a request that nothing fits are at least the library's sample.
  if (kind === "library") return isFallback(choice) ? { subject: sampleText(text) } : {};
  const asked = readFields(text);
  const always: Record<string, string[]> = {
    todo: ["priority"],
    notes: ["tags"],
    expenses: ["amount", "category", "date"],
    records: asked.length > 0 ? [] : ["note"],
  };
  const fields = [...new Set([...(always[variant.id] ?? []), ...asked])];
  return {
    fields,
    items: readQuoted(text, title),
    subject: variant.id === "records" ? readSubject(text, human) : "",
  };
}

/** Nothing but the kind is known of what was asked for, or not even that. */
const isFallback = ({ score }: Choice) => score === 0 || score === KIND_WEIGHT;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

const sampleText = (text: string) =>
  [...text.replace(/\s+/g, " ").replace(/[{}]/g, "").trim()].slice(0, 200).join("");

/**
 * The design for a request in the user's words.
 * @param offered languages to choose from, the preferred first; at least one
 */
export function chooseDesign(request: string, offered: Language[]): Design {
  const text = request.normalize("NFC");
  const choice = choosePlant(text);
  const human = detectHuman(text);
  const named = readName(text);
  // What nothing else is said of is at least headed by the request's words.
  const worded = choice.variant.id === "records" || (choice.kind === "page" && isFallback(choice));
  const subject = worded ? readSubject(text, human) : "";
  const name =
    identifierOf(named ?? "") ??
    (choice.variant.id === "records" ? identifierOf(subject) : null) ??
    choice.variant.defaultName;
  return {
    kind: choice.kind,
    variant: choice.variant.id,
    language: languageFor(text, offered),
    human,
    name,
    title: named ?? (subject || capital(choice.variant.label[human])),
    subject: "",
    fields: [],
    items: [],
    numbers: [],
    labels: [],
    ...detailsFor(text, choice, named, human),
    json: PRINTS_JSON.has(choice.kind) && /--json|\bjson\b/i.test(text),
    emptyTest: false,
    fault: choice.kind === "library",
    fallback: isFallback(choice),
    keepsReadme: false,
    notes: [],
  };
}
