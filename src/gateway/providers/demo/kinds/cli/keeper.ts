import type { Design, Texts } from "../../design.ts";
import type { Project, ProjectFile, Variant } from "../project.ts";
import { PURPOSE } from "../purposes.ts";
import { readmeFile } from "../write-readme.ts";
import { messagesFile, packageFile, testsPackageFile } from "../write-source.ts";
import { javascriptCommands, javascriptEntries, javascriptStore } from "./keeper-javascript.ts";
import { javascriptCli } from "./keeper-javascript-cli.ts";
import { javascriptKeeperTests } from "./keeper-javascript-tests.ts";
import { pythonCommands, pythonEntries, pythonStore } from "./keeper-python.ts";
import { pythonMain } from "./keeper-python-main.ts";
import { pythonKeeperTests } from "./keeper-python-tests.ts";
import { type KeeperShape, keeperShape } from "./keeper-shape.ts";
import { KEEPER_PURPOSE, keeperMessages } from "./keeper-texts.ts";

type Row = [
  path: string,
  purpose: string,
  complexity: ProjectFile["complexity"],
  needs: string[],
  text: string,
];

const toFiles = (design: Design, rows: Row[]): ProjectFile[] =>
  rows.map(([path, purpose, complexity, dependsOn, content]) => ({
    path,
    purpose,
    language: design.language,
    complexity,
    dependsOn,
    content,
  }));

function pythonFiles(shape: KeeperShape, description: string): ProjectFile[] {
  const { design } = shape;
  const { human, name } = design;
  const at = (file: string) => `${name}/${file}.py`;
  const say = messagesFile(
    design,
    at("messages"),
    PURPOSE.messages[human],
    keeperMessages(shape, description),
  );
  return [
    say,
    ...toFiles(design, [
      [at("__init__"), PURPOSE.init[human], "low", [], `"""${name}: python3 -m ${name} --help"""\n`],
      [at("entries"), KEEPER_PURPOSE.entries?.[human] ?? "", "medium", [say.path], pythonEntries(shape)],
      [
        at("store"),
        KEEPER_PURPOSE.store?.[human] ?? "",
        "medium",
        [at("entries"), say.path],
        pythonStore(shape),
      ],
      [
        at("commands"),
        KEEPER_PURPOSE.commands?.[human] ?? "",
        "medium",
        [at("entries"), say.path],
        pythonCommands(shape),
      ],
      [
        at("__main__"),
        PURPOSE.entry[human],
        "medium",
        [at("commands"), at("entries"), at("store"), say.path],
        pythonMain(shape),
      ],
    ]),
    testsPackageFile(design, PURPOSE.testsPackage[human]),
    ...toFiles(design, [
      [
        `tests/test_${name}.py`,
        PURPOSE.tests[human],
        "medium",
        [at("__main__"), say.path],
        pythonKeeperTests(shape),
      ],
    ]),
  ];
}

function javascriptFiles(shape: KeeperShape, description: string): ProjectFile[] {
  const { design } = shape;
  const { human, name } = design;
  const at = (file: string) => `src/${name}/${file}.js`;
  const say = messagesFile(
    design,
    at("messages"),
    PURPOSE.messages[human],
    keeperMessages(shape, description),
  );
  const entry = `#!/usr/bin/env node
import { main } from "./src/${name}/cli.js";

process.exitCode = main(process.argv.slice(2), console.log, console.error);
`;
  return [
    packageFile(design, PURPOSE.package[human], description, { bin: { [name]: `./${name}.js` } }),
    say,
    ...toFiles(design, [
      [at("entries"), KEEPER_PURPOSE.entries?.[human] ?? "", "medium", [say.path], javascriptEntries(shape)],
      [
        at("store"),
        KEEPER_PURPOSE.store?.[human] ?? "",
        "medium",
        [at("entries"), say.path],
        javascriptStore(shape),
      ],
      [
        at("commands"),
        KEEPER_PURPOSE.commands?.[human] ?? "",
        "medium",
        [at("entries"), say.path],
        javascriptCommands(shape),
      ],
      [
        at("cli"),
        PURPOSE.entry[human],
        "medium",
        [at("commands"), at("entries"), at("store"), say.path],
        javascriptCli(shape),
      ],
      [`${name}.js`, PURPOSE.entry[human], "low", [at("cli")], entry],
      [
        `test/${name}.test.js`,
        PURPOSE.tests[human],
        "medium",
        [at("cli"), say.path],
        javascriptKeeperTests(shape),
      ],
    ]),
  ];
}

const ABOUT: Record<string, Texts> = {
  todo: {
    en: "A to-do list for the command line.",
    ko: "명령줄에서 쓰는 할 일 목록입니다.",
    ja: "コマンドラインで使う ToDo リストです。",
  },
  notes: {
    en: "Short notes for the command line.",
    ko: "명령줄에서 쓰는 짧은 메모장입니다.",
    ja: "コマンドラインで使う短いメモ帳です。",
  },
  expenses: {
    en: "Keeps track of expenses on the command line.",
    ko: "명령줄에서 지출을 기록합니다.",
    ja: "コマンドラインで支出を記録します。",
  },
  records: {
    en: "Keeps a list on the command line: {subject}.",
    ko: "명령줄에서 목록을 관리합니다: {subject}.",
    ja: "コマンドラインで一覧を管理します: {subject}。",
  },
};
const ONE_FILE: Texts = {
  en: "The entries are kept in `{file}` in the current folder, or in the file that `--file` names.",
  ko: "항목은 현재 폴더의 `{file}` 또는 `--file`로 지정한 파일에 저장됩니다.",
  ja: "項目は現在のフォルダーの `{file}`、または `--file` で指定したファイルに保存されます。",
};

/** One word of a shell command, whatever is in the text. */
const shellQuote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

function render(design: Design): Project {
  const shape = keeperShape(design);
  const { human, name } = design;
  const about = (ABOUT[design.variant] ?? ABOUT.records)?.[human] ?? "";
  const intro = about.replace("{subject}", design.subject || design.title);
  const files = design.language === "python" ? pythonFiles(shape, intro) : javascriptFiles(shape, intro);
  const run = design.language === "python" ? ["python3", "-m", name] : ["node", `${name}.js`];
  const command = run.join(" ");
  const required = shape.fields.filter((field) => field.required).map((field) => field.sample);
  const optional = shape.fields.find((field) => !field.required);
  const options = optional ? [`--${optional.name}`, optional.sample] : [];
  const usage = [
    ...shape.samples.map((text, index) =>
      [command, "add", shellQuote(text), ...required, ...(index === 0 ? options : [])].join(" "),
    ),
    `${command} list${design.json ? " --json" : ""}`,
    ...(shape.ticks ? [`${command} done 1`] : []),
    ...(shape.totals ? [`${command} total`] : []),
    `${command} remove 1`,
    `${command} --help`,
  ].join("\n");
  const more = [ONE_FILE[human].replace("{file}", `${name}.json`)];
  const readme = readmeFile(design, { purpose: PURPOSE.readme[human], intro, usage, more, files });
  return { summary: intro, files: [...files, readme], run: [...run, "list"] };
}

const keeper = (variant: Omit<Variant, "render">): Variant => ({ ...variant, render });

export const TODO = keeper({
  id: "todo",
  defaultName: "todo",
  words:
    /to-?do\b|\btasks?\b|\bchecklist|할\s?일|해야\s?할|체크리스트|작업\s?목록|투두|タスク|やること|トゥードゥー/i,
  label: { en: "to-do list", ko: "할 일 목록", ja: "ToDo リスト" },
});
export const NOTES = keeper({
  id: "notes",
  defaultName: "notes",
  words: /\bnotes?\b|\bmemos?\b|\bjournal|\bdiary\b|메모|노트|일기|メモ|ノート|日記/i,
  label: { en: "notes", ko: "메모", ja: "メモ帳" },
});
export const EXPENSES = keeper({
  id: "expenses",
  defaultName: "expenses",
  words: /\bexpenses?\b|\bspending|\bbudget|지출|가계부|비용|예산|支出|家計簿|経費|予算/i,
  label: { en: "expense tracker", ko: "지출 기록", ja: "支出の記録" },
});
export const RECORDS = keeper({
  id: "records",
  defaultName: "records",
  words:
    /\b(tracker|manager|catalog(ue)?|inventory|collection|organi[sz]er|logbook)\b|\b(track|manage|organi[sz]e|keep a list|keep track)\b|관리|기록|목록|管理|記録|一覧|リスト/i,
  label: { en: "list keeper", ko: "목록 관리", ja: "一覧の管理" },
});
