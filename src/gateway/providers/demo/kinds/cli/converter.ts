import type { Design, Texts } from "../../design.ts";
import type { Project, Variant } from "../project.ts";
import { PURPOSE } from "../purposes.ts";
import { readmeFile } from "../write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "../write-source.ts";
import { converterMainJs, converterTestsJs, convertModuleJs, unitsModuleJs } from "./converter-javascript.ts";
import { converterMain, converterTests, convertModule, unitsModule } from "./converter-python.ts";

const MESSAGES: Record<string, Texts> = {
  description: {
    en: "Converts lengths, weights, volumes and temperatures.",
    ko: "길이, 무게, 부피, 온도를 변환합니다.",
    ja: "長さ、重さ、体積、温度を変換します。",
  },
  unknown_unit: {
    en: "“{unit}” is not a unit this tool knows; see --list.",
    ko: "“{unit}”은(는) 모르는 단위입니다. --list를 보세요.",
    ja: "「{unit}」は知らない単位です。--list をご覧ください。",
  },
  mismatch: {
    en: "{source} and {target} do not measure the same thing.",
    ko: "{source}와(과) {target}은(는) 서로 다른 것을 잽니다.",
    ja: "{source} と {target} は同じものを測る単位ではありません。",
  },
  too_cold: {
    en: "{value} {unit} is below absolute zero.",
    ko: "{value} {unit}은(는) 절대 영도보다 낮습니다.",
    ja: "{value} {unit} は絶対零度より低い値です。",
  },
  not_a_number: {
    en: "“{value}” is not a number.",
    ko: "“{value}”은(는) 숫자가 아닙니다.",
    ja: "「{value}」は数ではありません。",
  },
  usage: {
    en: "usage: {command} <value> <from> <to>   e.g. {command} 10 km mi",
    ko: "사용법: {command} <값> <원래 단위> <바꿀 단위>   예: {command} 10 km mi",
    ja: "使い方: {command} <値> <元の単位> <変換先の単位>   例: {command} 10 km mi",
  },
};
const JSON_HELP: Texts = { en: "answer as JSON", ko: "JSON으로 답합니다", ja: "JSON で答える" };
const FILE: Record<string, Texts> = {
  units: { en: "the units that it knows", ko: "알고 있는 단위", ja: "知っている単位" },
  convert: { en: "the conversion itself", ko: "변환 계산", ja: "変換の計算" },
};

function render(design: Design): Project {
  const { human, language, name } = design;
  const python = language === "python";
  const at = (file: string) => (python ? `${name}/${file}.py` : `src/${name}/${file}.js`);
  const texts = Object.fromEntries(Object.entries(MESSAGES).map(([key, text]) => [key, text[human]]));
  if (design.json) texts.help_json = JSON_HELP[human];
  const intro = texts.description ?? "";
  const say = messagesFile(design, at("messages"), PURPOSE.messages[human], texts);
  const source = (path: string, purpose: string, dependsOn: string[], content: string, low = false) =>
    ({ path, purpose, language, complexity: low ? "low" : "medium", dependsOn, content }) as const;
  const units = source(at("units"), FILE.units?.[human] ?? "", [], python ? unitsModule() : unitsModuleJs());
  const convert = source(
    at("convert"),
    FILE.convert?.[human] ?? "",
    [units.path, say.path],
    python ? convertModule() : convertModuleJs(),
  );
  const needs = [convert.path, units.path, say.path];
  const files = python
    ? [
        source(at("__init__"), PURPOSE.init[human], [], `"""${name}: python3 -m ${name} 10 km mi"""\n`, true),
        units,
        say,
        convert,
        source(at("__main__"), PURPOSE.entry[human], needs, converterMain(design)),
        testsPackageFile(design, PURPOSE.testsPackage[human]),
        source(
          `tests/test_${name}.py`,
          PURPOSE.tests[human],
          [at("__main__"), convert.path],
          converterTests(design),
        ),
      ]
    : [
        packageFile(design, PURPOSE.package[human], intro, { bin: { [name]: `./${name}.js` } }),
        units,
        say,
        convert,
        source(`${name}.js`, PURPOSE.entry[human], needs, converterMainJs(design)),
        source(
          `test/${name}.test.js`,
          PURPOSE.tests[human],
          [`${name}.js`, convert.path],
          converterTestsJs(design),
        ),
      ];
  const run = python ? ["python3", "-m", name] : ["node", `${name}.js`];
  const command = run.join(" ");
  const usage = [
    `${command} 10 km mi`,
    `${command} 72 f c${design.json ? " --json" : ""}`,
    `${command} --list`,
  ].join("\n");
  const readme = readmeFile(design, { purpose: PURPOSE.readme[human], intro, usage, files });
  return { summary: intro, files: [...files, readme], run: [...run, "10", "km", "mi"] };
}

export const CONVERTER: Variant = {
  id: "converter",
  defaultName: "convert_units",
  words: /\bunits?\b|\bconver(t|ter|sion)|kilomet|\bmiles?\b|\bpounds?\b|단위|변환|환산|単位|変換|換算/i,
  label: { en: "unit converter", ko: "단위 변환기", ja: "単位変換" },
  render,
};
