import type { Design, Texts } from "../../design.ts";
import type { Project, ProjectFile, Variant } from "../project.ts";
import { PURPOSE } from "../purposes.ts";
import { readmeFile } from "../write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "../write-source.ts";
import { javascriptChart, pythonChart } from "./report-chart.ts";
import {
  javascriptLoad,
  javascriptRender,
  javascriptReportMain,
  javascriptSummarize,
} from "./report-javascript.ts";
import { javascriptReportTests } from "./report-javascript-tests.ts";
import { pythonLoad, pythonRender, pythonReportMain, pythonSummarize } from "./report-python.ts";
import { pythonReportTests } from "./report-python-tests.ts";
import { csvOf, type ReportShape, reportShape } from "./report-shape.ts";
import { ABOUT_DATA, REPORT_PURPOSE, reportMessages } from "./report-texts.ts";

function sourceFiles(shape: ReportShape): ProjectFile[] {
  const { design } = shape;
  const { human, language, name } = design;
  const python = language === "python";
  const at = (file: string) => (python ? `${name}/${file}.py` : `src/${name}/${file}.js`);
  const main = python ? at("__main__") : `${name}.js`;
  const data = `data/${name}.csv`;
  const source = (path: string, purpose: Texts, dependsOn: string[], content: string): ProjectFile => ({
    path,
    purpose: purpose[human],
    language,
    complexity: "medium",
    dependsOn,
    content,
  });
  const say = messagesFile(design, at("messages"), PURPOSE.messages[human], reportMessages(shape));
  return [
    {
      path: data,
      purpose: REPORT_PURPOSE.data[human],
      language: "csv",
      complexity: "low",
      dependsOn: [],
      content: csvOf(shape),
    },
    say,
    source(at("load"), REPORT_PURPOSE.load, [say.path], python ? pythonLoad() : javascriptLoad()),
    source(
      at("summarize"),
      REPORT_PURPOSE.summarize,
      [],
      python ? pythonSummarize(shape) : javascriptSummarize(shape),
    ),
    source(
      at("render"),
      REPORT_PURPOSE.render,
      [say.path],
      python ? pythonRender(shape) : javascriptRender(shape),
    ),
    source(
      at("chart"),
      REPORT_PURPOSE.chart,
      [at("summarize"), say.path],
      python ? pythonChart(shape) : javascriptChart(shape),
    ),
    source(
      main,
      PURPOSE.entry,
      [at("load"), at("summarize"), at("render"), at("chart"), say.path, data],
      python ? pythonReportMain(shape) : javascriptReportMain(shape),
    ),
    source(
      python ? `tests/test_${name}.py` : `test/${name}.test.js`,
      PURPOSE.tests,
      [main, at("load"), at("summarize"), at("render"), at("chart")],
      python ? pythonReportTests(shape) : javascriptReportTests(shape),
    ),
  ];
}

function packageFiles(design: Design, intro: string): ProjectFile[] {
  const { human, name } = design;
  if (design.language !== "python") {
    return [packageFile(design, PURPOSE.package[human], intro, { bin: { [name]: `./${name}.js` } })];
  }
  const init: ProjectFile = {
    path: `${name}/__init__.py`,
    purpose: PURPOSE.init[human],
    language: "python",
    complexity: "low",
    dependsOn: [],
    content: `"""${name}: python3 -m ${name}"""\n`,
  };
  return [init, testsPackageFile(design, PURPOSE.testsPackage[human])];
}

function render(design: Design): Project {
  const shape = reportShape(design);
  const { human, name } = design;
  const intro = reportMessages(shape).description ?? shape.heading;
  const files = [...packageFiles(design, intro), ...sourceFiles(shape)];
  const run = design.language === "python" ? ["python3", "-m", name] : ["node", `${name}.js`];
  const command = run.join(" ");
  const usage = [
    command,
    `${command} data/${name}.csv --output report.md --chart chart.svg`,
    ...(design.json ? [`${command} --json`] : []),
  ].join("\n");
  const more = [
    ABOUT_DATA[human][design.numbers.length > 0 ? "given" : "made"].replace("{file}", `data/${name}.csv`),
  ];
  const readme = readmeFile(design, { purpose: PURPOSE.readme[human], intro, usage, more, files });
  return { summary: intro, files: [...files, readme], run };
}

const report = (variant: Omit<Variant, "render">): Variant => ({ ...variant, render });

export const SALES = report({
  id: "sales",
  defaultName: "sales_report",
  words: /\bsales\b|\brevenue|매출|판매|売上|売り上げ|販売/i,
  label: { en: "sales report", ko: "매출 보고서", ja: "売上レポート" },
});
export const SPENDING = report({
  id: "spending",
  defaultName: "spending_report",
  words: /\bexpenses?\b|\bspending|\bcosts?\b|지출|비용|경비|支出|経費|費用/i,
  label: { en: "expense report", ko: "지출 보고서", ja: "支出レポート" },
});
export const SURVEY = report({
  id: "survey",
  defaultName: "survey_report",
  words: /\bsurvey|\bpolls?\b|\bquestionnaire|\bvotes?\b|설문|투표|응답|アンケート|投票|回答/i,
  label: { en: "survey report", ko: "설문 보고서", ja: "アンケートレポート" },
});
export const TEMPERATURES = report({
  id: "temperatures",
  defaultName: "temperature_report",
  words: /\btemperatures?\b|\bweather|기온|온도|날씨|気温|温度|天気/i,
  label: { en: "temperature report", ko: "기온 보고서", ja: "気温レポート" },
});
export const FIGURES = report({
  id: "figures",
  defaultName: "report",
  words: /\bfigures\b|\bdata\b|\bcsv\b|데이터|자료|データ|資料/i,
  label: { en: "data report", ko: "데이터 보고서", ja: "データレポート" },
});
