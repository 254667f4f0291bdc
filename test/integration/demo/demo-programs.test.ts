import { rm } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import { problemsOfPlan } from "#engines/builder/check-plan.ts";
import { Plan } from "#engines/builder/plan.ts";
import { hasPython, newFolder, PYTHON, putFiles, runClean, testsRun } from "../../support/demo-projects.ts";
import { type DemoPlan, editsFor, planFor, writtenFiles } from "../../support/demo-prompts.ts";

/** One request for each program that the demo model knows, in each of the three languages of people. */
const REQUESTS: Record<string, { en: string; ko: string; ja: string }> = {
  "cli/todo": {
    en: "Make a to-do command-line tool called Taskly with priorities and due dates 🚀",
    ko: "우선순위와 마감일, 태그가 있는 Taskly라는 할 일 CLI를 만들어줘 🚀",
    ja: "優先度と期限のある「Taskly」というToDoコマンドラインツールを作ってください 🚀",
  },
  "cli/notes": {
    en: 'A terminal tool for notes named Jot. Start with "Call Kim" and "Buy rice".',
    ko: "터미널에서 쓰는 메모 도구 만들어줘",
    ja: "ターミナルで使うメモのツールを作って",
  },
  "cli/expenses": {
    en: "I want a CLI to track expenses with tags",
    ko: "가계부 명령줄 도구를 만들어 주세요",
    ja: "家計簿のコマンドラインツールが欲しい",
  },
  "cli/converter": {
    en: "a command line unit converter for km and miles",
    ko: "단위 변환 명령줄 도구",
    ja: "単位変換のコマンドラインツール",
  },
  "cli/counter": {
    en: "CLI that does a word count and shows the top 7 words",
    ko: "단어 수를 세는 CLI 만들어줘, 상위 7개",
    ja: "単語数を数えるコマンドを作って、上位 7",
  },
  "cli/monitor": {
    en: "Build a price monitor for BTC with alerts",
    ko: "USDT 가격 모니터링 시스템 만들어줘",
    ja: "ETHの価格監視ツールを作って",
  },
  "cli/records": {
    en: "Create a command line tool to track my plants with fields species, place and rating",
    ko: "내 화분을 관리하는 명령줄 도구를 만들어줘",
    ja: "レコードを管理するコマンドラインツール",
  },
  "library/roman": {
    en: "Write a library for Roman numerals",
    ko: "로마 숫자 라이브러리를 작성해줘",
    ja: "ローマ数字のライブラリを作って",
  },
  "library/slugify": {
    en: "a slug library",
    ko: "슬러그를 만드는 라이브러리",
    ja: "スラッグを作るライブラリ",
  },
  "library/temperature": {
    en: "Library for temperature conversion called Thermo",
    ko: "온도 변환 라이브러리",
    ja: "温度変換ライブラリ",
  },
  "library/intervals": {
    en: "a library that merges intervals",
    ko: "구간을 합치는 라이브러리",
    ja: "区間を結合するライブラリ",
  },
  "library/textstatistics": {
    en: "a library for text statistics",
    ko: "텍스트 통계 라이브러리",
    ja: "テキスト統計のライブラリ",
  },
  "report/sales": {
    en: "Report on sales by region: Seoul 120, Busan 80.5, New York 1,300",
    ko: "지역별 매출 보고서: 서울 120, 부산 80, 제주 45",
    ja: "地域別の売上レポート。東京 120、大阪 80",
  },
  "report/spending": {
    en: "monthly expenses report",
    ko: "월별 지출 보고서",
    ja: "月別の支出レポート",
  },
  "report/survey": {
    en: "A report of the survey, answers: yes, no and maybe",
    ko: "설문 결과 보고서",
    ja: "アンケート結果のレポート",
  },
  "report/temperatures": {
    en: "A report of temperatures by city: Oslo -3.5, Rome 14",
    ko: "도시별 기온 보고서",
    ja: "都市別の気温レポート",
  },
  "report/figures": {
    en: "A data report of visitors by museum",
    ko: "데이터 보고서",
    ja: "データのレポート",
  },
};

// Many interpreters start here; on a busy machine each takes its time.
vi.setConfig({ testTimeout: 120_000 });

const NO_PYTHON = `python3 is missing (${PYTHON})`;
const CHANGE = "Add a --json option and a test for empty input, and rename it to “Nova”";

async function testsOf(folder: string, plan: DemoPlan) {
  const ran = await runClean(folder, plan.commands.test[0] ?? []);
  return { ...ran, count: testsRun(ran.output) };
}

async function build(folder: string, program: string, request: string, language: string) {
  const plan = planFor([request], { languages: `${language} 1.0, bash 5.2` });
  expect(problemsOfPlan(Plan.parse(plan), { languages: { [language]: "1.0" }, existing: [] })).toEqual([]);
  expect(plan.testStrategy).toContain(`[demo ${program}; ${language}; `);
  expect(plan.files.filter((file) => file.language === language).length).toBeGreaterThanOrEqual(4);
  const files = writtenFiles([request], plan);
  expect(files.get("README.md")).toMatch(/demo model|데모 모델|デモモデル/);
  await putFiles(folder, files);
  let ran = await testsOf(folder, plan);
  expect(ran.count, ran.output).toBeGreaterThanOrEqual(5);
  if (program.startsWith("library/")) {
    expect(ran.exit, `the planted mistake is not found:\n${ran.output}`).toBe(1);
    const { edits, explanation } = editsFor([request], plan, ran.output, files);
    expect(edits).toHaveLength(1);
    expect(explanation).not.toMatch(/not as planned|바로잡았습니다|正しました/);
    for (const { path, content } of edits) files.set(path, content);
    await putFiles(folder, files);
    ran = await testsOf(folder, plan);
  }
  expect(ran.exit, ran.output).toBe(0);
  return { plan, files, ran };
}

for (const language of ["python", "javascript"]) {
  const lacks = language === "python" && !hasPython;
  describe(`the demo model's programs in ${language}`, () => {
    for (const [program, requests] of Object.entries(REQUESTS)) {
      test.concurrent(`${program} passes its own tests and runs, asked for in three languages`, async ({
        skip,
      }) => {
        skip(lacks, NO_PYTHON);
        for (const [human, request] of Object.entries(requests)) {
          const folder = await newFolder();
          try {
            const { plan, files } = await build(folder, program, request, language);
            expect(plan.language, request).toBe(human);
            const usage = /```sh\n([^`]*)```/.exec(files.get("README.md") ?? "")?.[1] ?? "";
            if (!program.startsWith("library/")) expect(usage).not.toBe("");
            const followed = await runClean(folder, ["/bin/bash", "-euo", "pipefail", "-c", usage]);
            expect(followed.exit, `the README's commands:\n${usage}\n${followed.output}`).toBe(0);
            for (const argv of plan.commands.run ?? []) {
              const ran = await runClean(folder, argv);
              expect(ran.exit, `${argv.join(" ")}\n${ran.output}`).toBe(0);
              expect(ran.output.trim()).not.toBe("");
            }
          } finally {
            await rm(folder, { recursive: true });
          }
        }
      });

      test.concurrent(`${program} still passes after a round of changes`, async ({ skip }) => {
        skip(lacks, NO_PYTHON);
        const folder = await newFolder();
        try {
          const request = requests.en;
          const { plan, files, ran } = await build(folder, program, request, language);
          const next = planFor([request], {
            languages: `${language} 1.0`,
            currentPlan: plan,
            existing: [...files.keys()],
            requestedChanges: CHANGE,
          });
          expect(next.files.map((file) => file.path)).toContain("README.md");
          expect(next.files.length).toBeLessThan(plan.files.length);
          await putFiles(folder, writtenFiles([request, CHANGE], next, files));
          const again = await testsOf(folder, next);
          expect(again.exit, again.output).toBe(0);
          expect(again.count).toBeGreaterThan(ran.count);
        } finally {
          await rm(folder, { recursive: true });
        }
      });
    }
  });
}
