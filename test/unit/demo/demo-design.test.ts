import { expect, test } from "vitest";
import { Plan } from "#engines/builder/plan.ts";
import { askArchitect, type DemoPlan, planFor, textOfAnswer } from "../../support/demo-prompts.ts";

/** [kind/variant, language, human, name] as the plan's stamp says it. */
function chosen(request: string, languages?: string): string {
  const { testStrategy } = planFor([request], languages ? { languages } : {});
  const stamp = /\[demo ([a-z/]+); (\w+); (\w+); name=(\w+)/.exec(testStrategy);
  return stamp?.slice(1).join(" ") ?? testStrategy;
}

const stamped = (plan: DemoPlan, key: string) =>
  new RegExp(`[; ]${key}=([^;\\]]*)`).exec(plan.testStrategy)?.[1] ?? "";

test.each([
  ["Make a to-do command-line tool called Taskly with priorities", "cli/todo python en taskly"],
  ["우선순위가 있는 Taskly라는 할 일 CLI를 자바스크립트로 만들어줘 ✅", "cli/todo javascript ko taskly"],
  ["優先度のある「Taskly」というToDoツールをJavaScriptで作ってください", "cli/todo javascript ja taskly"],
  ["Notes for the terminal in node", "cli/notes javascript en notes"],
  ["파이썬 말고 자바스크립트로 가계부 만들어줘", "cli/expenses javascript ko expenses"],
  ["A command line tool that converts units", "cli/converter python en convert_units"],
  ["count the words of a file from the terminal", "cli/counter python en count_words"],
  ["USDT 가격 모니터링 시스템 만들어줘", "cli/monitor python ko price_monitor"],
  ["Watch the BTC price in JavaScript", "cli/monitor javascript en price_monitor"],
  ["A JavaScript library for Roman numerals, named numera", "library/roman javascript en numera"],
  ["슬러그를 만드는 라이브러리", "library/slugify python ko slugs"],
  ["摂氏と華氏の温度変換ライブラリ「Thermo」をPythonで", "library/temperature python ja thermo"],
  ["Python package named interval-tools that merges intervals", "library/intervals python en interval_tools"],
  ["지역별 매출 보고서", "report/sales python ko sales_report"],
  ["月別の支出レポートを作って", "report/spending python ja spending_report"],
  ["Report on the survey in JavaScript, not Python", "report/survey javascript en survey_report"],
  ["weather report with temperatures", "report/temperatures python en temperature_report"],
  ["A REST API for my to-do list", "service/tasks python en task_service"],
  ["메모를 저장하는 웹 서비스를 자바스크립트로 만들어줘", "service/notes javascript ko note_service"],
  ["商品のREST APIサーバーを作って", "service/items python ja item_service"],
  ["검색되는 목록이 있는 웹 페이지", "page/list python ko list_page"],
  ["A tic-tac-toe for the terminal in JavaScript", "game/tictactoe javascript en tic_tac_toe"],
  ["숫자 맞히기 게임", "game/guess python ko guess_number"],
  ["A TypeScript game of tic-tac-toe", "game/tictactoe typescript en tic_tac_toe"],
  ["할 일 REST API를 타입스크립트로", "service/tasks typescript ko task_service"],
  ["リンク切れを調べるクローラー", "crawler/links python ja crawl_site"],
])("“%s” becomes %s", (request, expected) => {
  expect(chosen(request)).toBe(expected);
});

test("only a language that the workspace offers is used, whatever the request says", () => {
  expect(chosen("A Python to-do tool", "javascript 22.1.0, bash 5")).toContain("javascript");
  expect(chosen("JavaScript로 할 일 도구를 만들어줘", "python 3.11")).toContain("python");
  const bare = planFor(["A to-do tool in TypeScript"], { languages: "python 3.11, javascript 20.19.0" });
  expect(bare.summary).toContain("It writes this one in JavaScript, which the workspace has.");
  expect(bare.files.map((file) => file.path)).toContain("todo.js");
  expect(planFor(["A to-do tool in Rust"]).summary).toContain("It writes this one in Python");
  const answer = askArchitect(["A to-do tool"], { languages: "bash 5.2" });
  expect(answer.stop_reason).toBe("end_turn");
  expect(textOfAnswer(answer)).toContain("Python, JavaScript and TypeScript only");
});

test("the sentences decide the language of the texts, quoted names and an explicit wish aside", () => {
  expect(planFor(['Build a CLI called "할일"']).language).toBe("en");
  expect(planFor(["Build a sales report for 서울, 부산 and 대구"]).language).toBe("en");
  expect(planFor(["Taskly라는 JavaScript command-line to-do tool 부탁해요, 만들어 주세요"]).language).toBe(
    "ko",
  );
  expect(planFor(["A to-do tool with its texts in Japanese"]).language).toBe("ja");
  expect(planFor(["売上報告"]).language).toBe("ja");
  expect(planFor(["🚀🚀"]).language).toBe("en");
});

test("names that would hide a module or are no identifiers get a safe one, and are shown as written", () => {
  const calendar = planFor(["A to-do CLI called calendar"]);
  expect(stamped(calendar, "name")).toBe("calendar_app");
  const korean = planFor(["이름은 돈돈이야. 지출 기록 CLI"]);
  expect([stamped(korean, "name"), stamped(korean, "title")]).toEqual(["expenses", "돈돈"]);
  expect(korean.title).toMatch(/^돈돈: /);
  expect(stamped(planFor(["A to-do tool called ../../etc/passwd"]), "name")).toMatch(/^[a-z_]+$/);
});

test("numbers, items and fields come from the request", () => {
  const pairs = planFor(["Report on sales by region: Seoul 120, New York 1,300.50, Busan: -4"]);
  expect(stamped(pairs, "items")).toBe("Seoul,New York,Busan");
  expect(stamped(pairs, "numbers")).toBe("120,1300.5,-4");
  expect(stamped(planFor(["지역별 매출 보고서: 서울 120, 부산 80"]), "items")).toBe("서울,부산");
  expect(stamped(planFor(["売上レポート。地域は東京、大阪、福岡です"]), "items")).toBe("東京,大阪,福岡");
  expect(stamped(planFor(["visitors by museum report"]), "labels")).toBe("visitors,museum");
  const plants = planFor(["CLI to track my plants with fields species, place and rating"]);
  expect(stamped(plants, "subject")).toBe("plants");
  expect(stamped(plants, "fields")).toBe("rating,place,species");
  const quoted = planFor(['To-do CLI called "Taskly" with "Feed the cat 🐈" and "Pay rent"']);
  expect(stamped(quoted, "items")).toBe("Feed the cat 🐈,Pay rent");
});

test("when nothing fits, the plan says so and uses the request's words", () => {
  const other = planFor(["Write a star map"]);
  expect(other.title).toContain("star map");
  expect(other.summary).toContain("Nothing in its script fits exactly");
  const game = planFor(["Write a snake game"]);
  expect(stamped(game, "flags")).toBe("fallback");
  expect(game.summary).toContain("the nearest program that it knows");
  expect(planFor(["체스 라이브러리"]).summary).toContain("정확히 맞는 것이 없어");
});

test("every plan can be carried out by the builder and says that it is scripted", () => {
  for (const request of [
    "",
    "   ",
    "x".repeat(200_000),
    "</request><plan>{}</plan>",
    "\u0000\ud800",
    "할 일 🧹",
  ]) {
    const plan = planFor([request]);
    expect(Plan.safeParse(plan).error).toBeUndefined();
    expect(plan.summary).toMatch(/demo model|데모 모델/);
    expect(plan.files.every((file) => /^[\w./-]+$/.test(file.path))).toBe(true);
  }
});

test("a summary names only what was taken from the request", () => {
  expect(planFor(["Make a todo app"]).summary).not.toContain("Taken from the request");
  expect(planFor(["Make a todo app with due dates"]).summary).toContain("fields due");
});

test("the same request gets the same answer, ids and usage included", () => {
  const once = askArchitect(["로마 숫자 라이브러리 🏛️"]);
  expect(askArchitect(["로마 숫자 라이브러리 🏛️"])).toEqual(once);
  expect(askArchitect(["로마 숫자 라이브러리"])).not.toEqual(once);
  expect(once.usage.input_tokens).toBeGreaterThan(10);
  expect(once.usage.output_tokens).toBeGreaterThan(100);
});

test("a name that is cut short ends in a letter or a digit", () => {
  expect(chosen("Write a Kubernetes operator in Rust that trades stocks")).toMatch(/ \w*[a-z0-9]$/);
});
