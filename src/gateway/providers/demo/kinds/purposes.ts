import type { Texts } from "../design.ts";

/** What files of every kind of project are for, as the plan and the README say it. */
export const PURPOSE = {
  messages: {
    en: "every text that a person sees",
    ko: "사람에게 보이는 모든 문구",
    ja: "人に見えるすべての文言",
  },
  package: {
    en: "name, entry and test command for npm",
    ko: "npm용 이름, 시작 파일, 테스트 명령",
    ja: "npm 用の名前・入口・テストコマンド",
  },
  tests: {
    en: "tests on the standard library alone",
    ko: "표준 라이브러리만 쓰는 테스트",
    ja: "標準ライブラリだけを使うテスト",
  },
  testsPackage: {
    en: "makes the folder discoverable for unittest",
    ko: "unittest가 폴더를 찾게 합니다",
    ja: "unittest がフォルダーを見つけられるようにする",
  },
  readme: {
    en: "what it is, how to use it, how to test it",
    ko: "설명, 사용법, 테스트 방법",
    ja: "説明、使い方、テスト方法",
  },
  init: { en: "the package's public names", ko: "패키지의 공개 이름", ja: "パッケージの公開名" },
  entry: {
    en: "reads the command line and answers",
    ko: "명령줄을 읽고 답합니다",
    ja: "コマンドラインを読み、答える",
  },
} satisfies Record<string, Texts>;
