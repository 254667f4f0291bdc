/** What the builder says by itself, in the languages of its requests. */
export type Human = "en" | "ko" | "ja";

export interface Result {
  files: number;
  testsPassed: number;
  testsFailed: number;
  /** checks that found files their language cannot read */
  unreadable: number;
  /** what tools call errors */
  errors: number;
  /** programs that did not run as they should */
  notRunning: number;
  /** what could not be installed for want of a network */
  notInstalled: string | null;
  repairs: number;
}

interface Words {
  plan: string;
  write: (path: string) => string;
  install: string;
  check: (time: number) => string;
  repair: (time: number) => string;
  sum: string;
  testEntry: string;
  noTests: string;
  notRun: (why: string) => string;
  notInstalled: (program: string) => string;
  noAnswer: string;
  noNetwork: string;
  noSignatures: string;
  ranFor: (milliseconds: number) => string;
  ranBadly: (exitCode: number) => string;
  answeredIn: (milliseconds: number, status: number | null) => string;
  moreFindings: (count: number) => string;
  report: (title: string, result: Result) => string;
}

const EN: Words = {
  plan: "Plan the work",
  write: (path) => `Write ${path}`,
  install: "Install packages",
  check: (time) => (time === 1 ? "Run the tests" : `Run the tests again (${time})`),
  repair: (time) => `Repair what failed (${time})`,
  sum: "Sum up",
  testEntry: "Run the tests",
  noTests: "No test ran.",
  notRun: (why) => `not run: ${why}`,
  notInstalled: (program) => `${program} is not installed in this workspace`,
  noAnswer: "it gave no answer that can be read",
  noNetwork: "no network: packages cannot be fetched",
  noSignatures: "there are no signatures to compare with",
  ranFor: (ms) => `ran to its end in ${ms} ms`,
  ranBadly: (code) => `ended with exit code ${code}`,
  answeredIn: (ms, status) => `answered after ${ms} ms${status === null ? "" : ` with status ${status}`}`,
  moreFindings: (more) => `and ${more} more`,
  report: (title, result) => {
    const { files, testsPassed, testsFailed, unreadable, errors, notRunning, repairs } = result;
    const made = `"${title}" is written: ${files === 1 ? "1 file" : `${files} files`}.`;
    const missing = result.notInstalled
      ? ` For want of a network, packages could not be installed (${result.notInstalled}).`
      : "";
    const mended = `${repairs > 0 ? ` ${repairs === 1 ? "One repair was" : `${repairs} repairs were`} made.` : ""}${missing}`;
    if (unreadable > 0 && testsFailed === 0)
      return `${made} Some of it cannot be read as a program yet; the findings say where.${mended}`;
    if (testsFailed > 0)
      return `${made} It does not work in full yet: ${count(testsFailed, "test fails", "tests fail")}, ${count(testsPassed, "passes", "pass")}.${mended} The output of the tests shows what is wrong; say what to change, or take it as it is.`;
    if (notRunning > 0)
      return `${made} ${count(notRunning, "program does", "programs do")} not run as planned; the findings say why.${mended}`;
    if (errors > 0)
      return `${made} ${count(errors, "error was", "errors were")} found in it that ${errors === 1 ? "is" : "are"} not mended; the findings say where.${mended}`;
    if (testsPassed === 0) return `${made} No test ran, so nothing proves that it works.${mended}`;
    return `${made} ${count(testsPassed, "test ran and passed", "tests ran and all passed")}.${mended}`;
  },
};

const KO: Words = {
  plan: "작업 계획 세우기",
  write: (path) => `${path} 작성`,
  install: "패키지 설치",
  check: (time) => (time === 1 ? "테스트 실행" : `테스트 다시 실행 (${time})`),
  repair: (time) => `실패한 부분 고치기 (${time})`,
  sum: "정리하기",
  testEntry: "테스트 실행",
  noTests: "실행된 테스트가 없습니다.",
  notRun: (why) => `실행하지 못함: ${why}`,
  notInstalled: (program) => `이 작업 공간에 ${program}이(가) 설치되어 있지 않습니다`,
  noAnswer: "읽을 수 있는 결과를 내지 않았습니다",
  noNetwork: "네트워크가 없어 패키지를 받을 수 없습니다",
  noSignatures: "비교할 악성 코드 시그니처가 없습니다",
  ranFor: (ms) => `${ms}ms 만에 끝까지 실행되었습니다`,
  ranBadly: (code) => `종료 코드 ${code}로 끝났습니다`,
  answeredIn: (ms, status) => `${ms}ms 만에 응답했습니다${status === null ? "" : ` (상태 ${status})`}`,
  moreFindings: (more) => `그 밖에 ${more}개`,
  report: (title, result) => {
    const { files, testsPassed, testsFailed, unreadable, errors, notRunning, repairs } = result;
    const made = `"${title}": 파일 ${files}개를 작성했습니다.`;
    const missing = result.notInstalled
      ? ` 네트워크가 없어 패키지를 설치하지 못했습니다(${result.notInstalled}).`
      : "";
    const mended = `${repairs > 0 ? ` 수정을 ${repairs}번 했습니다.` : ""}${missing}`;
    if (unreadable > 0 && testsFailed === 0)
      return `${made} 아직 프로그램으로 읽을 수 없는 파일이 있습니다. 위치는 점검 결과에 있습니다.${mended}`;
    if (testsFailed > 0)
      return `${made} 아직 완전히 동작하지는 않습니다. 테스트 ${testsFailed}개가 실패하고 ${testsPassed}개가 통과했습니다.${mended} 무엇이 잘못되었는지는 테스트 출력에 있습니다. 바꿀 점을 알려 주시거나 그대로 받으실 수 있습니다.`;
    if (notRunning > 0)
      return `${made} 프로그램 ${notRunning}개가 계획대로 실행되지 않습니다. 이유는 점검 결과에 있습니다.${mended}`;
    if (errors > 0)
      return `${made} 고치지 못한 오류가 ${errors}개 있습니다. 위치는 점검 결과에 있습니다.${mended}`;
    if (testsPassed === 0) return `${made} 실행된 테스트가 없어 동작을 증명하지 못했습니다.${mended}`;
    return `${made} 테스트 ${testsPassed}개를 실행했고 모두 통과했습니다.${mended}`;
  },
};

const JA: Words = {
  plan: "作業の計画",
  write: (path) => `${path} を書く`,
  install: "パッケージのインストール",
  check: (time) => (time === 1 ? "テストの実行" : `テストの再実行 (${time})`),
  repair: (time) => `失敗の修正 (${time})`,
  sum: "まとめ",
  testEntry: "テストの実行",
  noTests: "実行されたテストがありません。",
  notRun: (why) => `実行せず: ${why}`,
  notInstalled: (program) => `このワークスペースには ${program} がありません`,
  noAnswer: "読み取れる結果が返りませんでした",
  noNetwork: "ネットワークがなく、パッケージを取得できません",
  noSignatures: "照合するシグネチャがありません",
  ranFor: (ms) => `${ms} ms で最後まで実行されました`,
  ranBadly: (code) => `終了コード ${code} で終わりました`,
  answeredIn: (ms, status) => `${ms} ms で応答しました${status === null ? "" : `（ステータス ${status}）`}`,
  moreFindings: (more) => `ほか ${more} 件`,
  report: (title, result) => {
    const { files, testsPassed, testsFailed, unreadable, errors, notRunning, repairs } = result;
    const made = `「${title}」: ファイルを ${files} 個書きました。`;
    const missing = result.notInstalled
      ? `ネットワークがなく、パッケージを入れられませんでした（${result.notInstalled}）。`
      : "";
    const mended = `${repairs > 0 ? `修正を ${repairs} 回行いました。` : ""}${missing}`;
    if (unreadable > 0 && testsFailed === 0)
      return `${made}まだプログラムとして読めないファイルがあります。場所は検査結果にあります。${mended}`;
    if (testsFailed > 0)
      return `${made}まだ完全には動きません。テスト ${testsFailed} 件が失敗し、${testsPassed} 件が成功しました。${mended}原因はテストの出力にあります。変更点をお知らせいただくか、このまま受け取ることもできます。`;
    if (notRunning > 0)
      return `${made}プログラム ${notRunning} 件が計画どおりに動きません。理由は検査結果にあります。${mended}`;
    if (errors > 0)
      return `${made}直せていない誤りが ${errors} 件あります。場所は検査結果にあります。${mended}`;
    if (testsPassed === 0) return `${made}実行されたテストがなく、動作は証明されていません。${mended}`;
    return `${made}テスト ${testsPassed} 件を実行し、すべて成功しました。${mended}`;
  },
};

const WORDS: Record<Human, Words> = { en: EN, ko: KO, ja: JA };

export function wordsIn(human: Human): Words {
  return WORDS[human];
}

/** The language of a text by its script; before a plan says it. */
export function guessHuman(text: string): Human {
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  return /[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text) ? "ja" : "en";
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
