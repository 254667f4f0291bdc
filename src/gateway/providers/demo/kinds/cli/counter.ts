import type { Design, Texts } from "../../design.ts";
import type { Project, Variant } from "../project.ts";
import { PURPOSE } from "../purposes.ts";
import { readmeFile } from "../write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "../write-source.ts";
import { counterMainJs, counterTestsJs, countModuleJs, wordsModuleJs } from "./counter-javascript.ts";
import { counterMain, counterTests, countModule, wordsModule } from "./counter-python.ts";

const MESSAGES: Record<string, Texts> = {
  description: {
    en: "Counts lines, words and characters, and names the most frequent words.",
    ko: "줄, 낱말, 글자 수를 세고 자주 나온 낱말을 알려 줍니다.",
    ja: "行・単語・文字を数え、よく出る単語を示します。",
  },
  counts: {
    en: "{name}: {lines} lines, {words} words, {characters} characters",
    ko: "{name}: {lines}줄, {words}낱말, {characters}글자",
    ja: "{name}: {lines} 行、{words} 語、{characters} 文字",
  },
  unreadable: {
    en: "{name} cannot be read as UTF-8 text.",
    ko: "{name}을(를) UTF-8 텍스트로 읽을 수 없습니다.",
    ja: "{name} を UTF-8 のテキストとして読めません。",
  },
  bad_top: {
    en: "--top needs a whole number, zero or more.",
    ko: "--top에는 0 이상의 정수가 필요합니다.",
    ja: "--top には 0 以上の整数が必要です。",
  },
  usage: {
    en: "usage: {command} [--top N] [file …]   (without a file: standard input)",
    ko: "사용법: {command} [--top N] [파일 …]   (파일이 없으면 표준 입력)",
    ja: "使い方: {command} [--top N] [ファイル …]   (ファイルがなければ標準入力)",
  },
};
const FILE: Record<string, Texts> = {
  words: { en: "splits a text into words", ko: "글을 낱말로 나눕니다", ja: "文章を単語に分ける" },
  count: { en: "the figures of one text", ko: "글 하나의 수치", ja: "文章ひとつの集計" },
};

/** How many frequent words are shown: the number in the request, else five. */
export function topOf(design: Design): number {
  const asked = design.numbers[0];
  return asked !== undefined && Number.isInteger(asked) && asked > 0 && asked <= 1000 ? asked : 5;
}

function render(design: Design): Project {
  const { human, language, name } = design;
  const python = language === "python";
  const at = (file: string) => (python ? `${name}/${file}.py` : `src/${name}/${file}.js`);
  const texts = Object.fromEntries(Object.entries(MESSAGES).map(([key, text]) => [key, text[human]]));
  const intro = texts.description ?? "";
  const say = messagesFile(design, at("messages"), PURPOSE.messages[human], texts);
  const source = (path: string, purpose: string, dependsOn: string[], content: string, low = false) =>
    ({ path, purpose, language, complexity: low ? "low" : "medium", dependsOn, content }) as const;
  const words = source(at("words"), FILE.words?.[human] ?? "", [], python ? wordsModule() : wordsModuleJs());
  const count = source(
    at("count"),
    FILE.count?.[human] ?? "",
    [words.path],
    python ? countModule() : countModuleJs(),
  );
  const top = topOf(design);
  const files = python
    ? [
        source(
          at("__init__"),
          PURPOSE.init[human],
          [],
          `"""${name}: python3 -m ${name} README.md"""\n`,
          true,
        ),
        words,
        count,
        say,
        source(at("__main__"), PURPOSE.entry[human], [count.path, say.path], counterMain(design, top)),
        testsPackageFile(design, PURPOSE.testsPackage[human]),
        source(
          `tests/test_${name}.py`,
          PURPOSE.tests[human],
          [at("__main__"), count.path, words.path],
          counterTests(design),
        ),
      ]
    : [
        packageFile(design, PURPOSE.package[human], intro, { bin: { [name]: `./${name}.js` } }),
        words,
        count,
        say,
        source(`${name}.js`, PURPOSE.entry[human], [count.path, say.path], counterMainJs(design, top)),
        source(
          `test/${name}.test.js`,
          PURPOSE.tests[human],
          [`${name}.js`, count.path, words.path],
          counterTestsJs(design),
        ),
      ];
  const run = python ? ["python3", "-m", name] : ["node", `${name}.js`];
  const command = run.join(" ");
  const usage = [
    `${command} README.md`,
    `${command} --top ${top}${design.json ? " --json" : ""} README.md`,
    `echo "to be or not to be" | ${command}`,
  ].join("\n");
  const readme = readmeFile(design, { purpose: PURPOSE.readme[human], intro, usage, files });
  return { summary: intro, files: [...files, readme], run: [...run, "README.md"] };
}

export const COUNTER: Variant = {
  id: "counter",
  defaultName: "count_words",
  words: /\bcounts?\b|\bcounter\b|\bcounting\b|\bwc\b|세는|개수|카운트|数える|カウント/i,
  phrases:
    /word[- ]?(count|frequenc)|count(s|ing)? (the )?(lines|words|characters)|(단어|낱말|글자)\s?(수|를 세|세기|빈도)|(単語|文字)(数|を数)/i,
  label: { en: "word counter", ko: "낱말 세기", ja: "単語カウンター" },
  render,
};
