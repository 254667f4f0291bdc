import type { Design, Texts } from "../../design.ts";
import type { Project, Variant } from "../project.ts";
import { PURPOSE } from "../purposes.ts";
import { readmeFile } from "../write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "../write-source.ts";
import {
  historyModuleJs,
  monitorMainJs,
  monitorTestsJs,
  rulesModuleJs,
  sourceModuleJs,
} from "./monitor-javascript.ts";
import { historyModule, monitorMain, monitorTests, rulesModule, sourceModule } from "./monitor-python.ts";

const MESSAGES: Record<string, Texts> = {
  description: {
    en: "Watches the price of {symbol}: keeps every price, sums them up, and says when a limit is crossed.",
    ko: "{symbol} 가격을 지켜봅니다. 모든 가격을 기록하고 요약하며, 정한 값을 넘거나 밑돌면 알려 줍니다.",
    ja: "{symbol} の価格を見守ります。価格を記録してまとめ、決めた値を超えたり下回ったりすると知らせます。",
  },
  price: {
    en: "{symbol}: {price} ({change} %)",
    ko: "{symbol} 현재 가격: {price} ({change} %)",
    ja: "{symbol} の現在価格: {price} ({change} %)",
  },
  alert_above: {
    en: "Alert: {symbol} rose above {limit}.",
    ko: "알림: {symbol} 가격이 {limit} 위로 올랐습니다.",
    ja: "通知: {symbol} の価格が {limit} を超えました。",
  },
  alert_below: {
    en: "Alert: {symbol} fell below {limit}.",
    ko: "알림: {symbol} 가격이 {limit} 아래로 내렸습니다.",
    ja: "通知: {symbol} の価格が {limit} を下回りました。",
  },
  alert_change: {
    en: "Alert: {symbol} moved by {limit} % or more.",
    ko: "알림: {symbol} 가격이 {limit} % 이상 움직였습니다.",
    ja: "通知: {symbol} の価格が {limit} % 以上動きました。",
  },
  summary: {
    en: "{symbol}: {count} prices, lowest {low}, highest {high}, mean {mean}, last {last}",
    ko: "{symbol}: 가격 {count}개, 최저 {low}, 최고 {high}, 평균 {mean}, 마지막 {last}",
    ja: "{symbol}: 価格 {count} 件、最安 {low}、最高 {high}、平均 {mean}、最新 {last}",
  },
  no_history: {
    en: "No price has been kept yet.",
    ko: "아직 기록된 가격이 없습니다.",
    ja: "まだ記録された価格がありません。",
  },
  no_price: {
    en: "There is no price of {symbol} in the answer.",
    ko: "응답에 {symbol} 가격이 없습니다.",
    ja: "応答に {symbol} の価格がありません。",
  },
  failed: {
    en: "No price could be taken: {reason}",
    ko: "가격을 가져오지 못했습니다: {reason}",
    ja: "価格を取得できませんでした: {reason}",
  },
  usage: {
    en: "usage: check | watch | history [--source FILE or URL] [--above N] [--below N] [--change PERCENT]",
    ko: "사용법: check | watch | history [--source 파일 또는 주소] [--above 값] [--below 값] [--change 퍼센트]",
    ja: "使い方: check | watch | history [--source ファイルかURL] [--above 値] [--below 値] [--change パーセント]",
  },
};
const FILE: Record<string, Texts> = {
  source: {
    en: "reads a price from a file or an address",
    ko: "파일이나 주소에서 가격을 읽습니다",
    ja: "ファイルやURLから価格を読む",
  },
  history: { en: "keeps and sums up prices", ko: "가격을 기록하고 요약합니다", ja: "価格を記録しまとめる" },
  rules: {
    en: "when a price is worth a word",
    ko: "언제 알릴지 정하는 규칙",
    ja: "いつ知らせるかの規則",
  },
  data: {
    en: "recorded prices to try it with, invented",
    ko: "시험용으로 지어낸 가격 기록",
    ja: "試すための架空の価格記録",
  },
};
const LIVE: Texts = {
  en: "The prices in `data/prices.json` are invented. For real ones give `--source` an address that answers with JSON, a number or an object with `price`.",
  ko: "`data/prices.json`의 가격은 지어낸 값입니다. 실제 가격은 `--source`에 숫자나 `price`가 든 JSON으로 응답하는 주소를 주면 됩니다.",
  ja: "`data/prices.json` の価格は架空です。実際の価格には、数値か `price` を含む JSON を返すURLを `--source` に指定してください。",
};
/** Invented, around what a dollar has cost in won. */
const RECORDED = [1385.2, 1387.9, 1391.4, 1402.6, 1398.1, 1379.3, 1384];

function render(design: Design): Project {
  const { human, language, name } = design;
  const symbol = design.items[0] ?? "USDT";
  const python = language === "python";
  const at = (file: string) => (python ? `${name}/${file}.py` : `src/${name}/${file}.js`);
  const texts = Object.fromEntries(Object.entries(MESSAGES).map(([key, text]) => [key, text[human]]));
  const intro = (texts.description ?? "").replace("{symbol}", symbol);
  texts.description = intro;
  const say = messagesFile(design, at("messages"), PURPOSE.messages[human], texts);
  const source = (path: string, purpose: string, dependsOn: string[], content: string, low = false) =>
    ({ path, purpose, language, complexity: low ? "low" : "medium", dependsOn, content }) as const;
  const about = (file: string) => FILE[file]?.[human] ?? "";
  const modules = [
    source(at("source"), about("source"), [say.path], python ? sourceModule() : sourceModuleJs()),
    source(at("history"), about("history"), [], python ? historyModule() : historyModuleJs()),
    source(at("rules"), about("rules"), [], python ? rulesModule() : rulesModuleJs()),
  ];
  const data = {
    path: "data/prices.json",
    purpose: about("data"),
    language: "json" as const,
    complexity: "low" as const,
    dependsOn: [],
    content: `${JSON.stringify({ [symbol]: RECORDED }, null, 2)}\n`,
  };
  const needed = [say.path, ...modules.map(({ path }) => path)];
  const main = python ? at("__main__") : `${name}.js`;
  const start = python
    ? source(at("__init__"), PURPOSE.init[human], [], `"""${name}: python3 -m ${name} check"""\n`, true)
    : packageFile(design, PURPOSE.package[human], intro, { bin: { [name]: `./${name}.js` } });
  const files = [
    start,
    say,
    ...modules,
    data,
    source(
      main,
      PURPOSE.entry[human],
      needed,
      python ? monitorMain(design, symbol) : monitorMainJs(design, symbol),
    ),
    ...(python ? [testsPackageFile(design, PURPOSE.testsPackage[human])] : []),
    source(
      python ? `tests/test_${name}.py` : `test/${name}.test.js`,
      PURPOSE.tests[human],
      [main, ...needed],
      python ? monitorTests(design, symbol) : monitorTestsJs(design, symbol),
    ),
  ];
  const run = python ? ["python3", "-m", name] : ["node", `${name}.js`];
  const command = run.join(" ");
  const usage = [
    `${command} check${design.json ? " --json" : ""}`,
    `${command} watch --times 3 --interval 0 --above 1400 --change 1`,
    `${command} history`,
  ].join("\n");
  const readme = readmeFile(design, {
    purpose: PURPOSE.readme[human],
    intro,
    usage,
    more: [LIVE[human]],
    files,
  });
  return { summary: intro, files: [...files, readme], run: [...run, "check"] };
}

const PRICES =
  /\b(price|rate|quote)s?[- ](monitor|watch|track|alert)|\b(monitor|watch|track)(s|ing)? (the )?([\w/]+ )?(price|rate)s?\b|(가격|시세|환율)[^\n]{0,8}(모니터|감시|추적|알림)|(価格|相場|レート)[^\n]{0,4}(監視|モニタ|追跡|通知)/i;

export const MONITOR: Variant = {
  id: "monitor",
  defaultName: "price_monitor",
  words: PRICES,
  phrases: PRICES,
  label: { en: "price monitor", ko: "가격 모니터링", ja: "価格モニター" },
  render,
};

/** The symbol whose price the text is about: "USDT", "BTC/KRW". */
export function readSymbol(text: string): string[] {
  const found = /(?<![\w/])[A-Z]{2,6}(?:\/[A-Z]{2,6})?(?![\w/])/g;
  const symbols = (text.match(found) ?? []).filter((word) => !/^(CLI|JSON|CSV|API|AI|UI|OK)$/.test(word));
  return symbols.slice(0, 1);
}
