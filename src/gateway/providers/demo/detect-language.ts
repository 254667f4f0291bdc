import { type Human, LANGUAGES, type Language } from "./design.ts";

const ASKED_FOR: [Human, RegExp][] = [
  ["ko", /\b(in|into|to) korean\b|한국어로|한글로|韓国語(で|に)/i],
  ["ja", /\b(in|into|to) japanese\b|일본어로|日本語(で|に)/i],
  ["en", /\b(in|into|to) english\b|영어로|英語(で|に)/i],
];
/** Endings and particles that make a sentence Korean, however many foreign words it holds. */
const KOREAN_GRAMMAR =
  /만들|해\s?줘|주세요|줘|세요|습니다|하는|라는|싶|[가-힣\w)”"'](을|를|은|는|으로|에서|에게|의)(\s|$|[.,!?])|프로그램|라이브러리|보고서/;
const JAPANESE_GRAMMAR = /(です|ます|して|する|ください|下さい|という|たい|作って|の|を|は|が|に|で)/;

const count = (text: string, characters: RegExp) => text.match(characters)?.length ?? 0;

/** The language that the request asks for by name, or null. */
export function askedHuman(text: string): Human | null {
  return ASKED_FOR.find(([, words]) => words.test(text))?.[0] ?? null;
}

/** The language in which to answer: the one asked for, else the one of the sentences. Quoted names do not count. */
export function detectHuman(request: string): Human {
  const asked = askedHuman(request);
  if (asked) return asked;
  const bare = request.replace(/"[^"\n]*"|“[^”\n]*”|`[^`\n]*`|「[^」\n]*」|『[^』\n]*』/g, " ");
  const text = /\p{L}/u.test(bare) ? bare : request;
  const hangul = count(text, /\p{Script=Hangul}/gu);
  const kana = count(text, /[\p{Script=Hiragana}\p{Script=Katakana}]/gu);
  const han = count(text, /\p{Script=Han}/gu);
  const latin = count(text, /\p{Script=Latin}/gu);
  const hiragana = text.match(/\p{Script=Hiragana}+/gu)?.join(" ") ?? "";
  if (hangul > kana && (KOREAN_GRAMMAR.test(text) || hangul * 2 > latin)) return "ko";
  if (JAPANESE_GRAMMAR.test(hiragana) || (kana + han) * 2 > latin) return kana + han > 0 ? "ja" : "en";
  return "en";
}

const PROGRAMMING: [Language, RegExp][] = [
  ["python", /python|파이썬|パイソン|\bpy\b/gi],
  ["javascript", /javascript|node\.?js|\bnode\b|\bjs\b|자바스크립트|노드|ジャバスクリプト/gi],
  ["typescript", /typescript|\bts\b|타입스크립트|タイプスクリプト/gi],
];
const REFUSED_BEFORE = /(\bnot|\bno|without|instead of|rather than|\bfrom)\s+(in\s+)?$/i;
const REFUSED_AFTER = /^\s*(가|이)?\s*(말고|아닌|대신|ではなく|じゃなく|の代わり|以外)/;

/** The programming language that the text names and does not refuse; the last one wins. */
export function askedLanguage(text: string): Language | null {
  let found: { at: number; language: Language } | null = null;
  for (const [language, words] of PROGRAMMING) {
    for (const match of text.matchAll(words)) {
      const before = text.slice(0, match.index);
      const after = text.slice(match.index + match[0].length);
      if (REFUSED_BEFORE.test(before) || REFUSED_AFTER.test(after)) continue;
      if (!found || match.index > found.at) found = { at: match.index, language };
    }
  }
  return found?.language ?? null;
}

const OTHERS =
  /\b(?:in|using|with)\s+(?:go|golang|rust|java|c|c\+\+|c#|ruby|php|kotlin|swift|bash|perl|haskell|scala|elixir|lua)(?![\w+#])|(?<![a-z])(?:golang|go|rust|java|c\+\+|c#|ruby|php|kotlin|swift|자바|러스트)(?:로|으로|で)/i;

/** Whether the text asks for a language that the demo model does not write. */
export function asksForAnotherLanguage(text: string): boolean {
  return OTHERS.test(text);
}

/** What `<languages>` offers of those that the demo model writes, python first. Without the tag all count. */
export function offeredLanguages(languages: string | null): Language[] {
  if (languages === null) return [...LANGUAGES];
  const names = languages
    .toLowerCase()
    .split(/[,\n]/)
    .map((one) => one.trim().split(/[\s:@]/)[0]);
  return LANGUAGES.filter((language) => names.includes(language));
}
