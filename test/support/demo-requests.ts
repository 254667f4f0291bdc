/** What a workspace with the language says that it has; TypeScript is run by Node. */
export const OFFERED = {
  python: "python 3.11.2, bash 5.2",
  javascript: "javascript 22.23.3, bash 5.2",
  typescript: "javascript 22.23.3, typescript 22.23.3",
};

/** One request for each program that the demo model knows, in each of the three languages of people. */
export const REQUESTS: Record<string, { en: string; ko: string; ja: string }> = {
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
  "service/tasks": {
    en: 'Build a REST API for a to-do list, with "Feed the cat 🐈" in it',
    ko: "할 일 목록 REST API를 만들어줘",
    ja: "ToDoリストのREST APIを作って",
  },
  "service/notes": {
    en: "A web service that keeps notes, called Jotter",
    ko: "메모를 저장하는 HTTP 서버를 만들어줘",
    ja: "メモを保存するサーバーを作ってください",
  },
  "service/items": {
    en: "Write a small REST service",
    ko: "간단한 REST 서비스를 만들어줘",
    ja: "小さなRESTサービスを作って",
  },
  "page/list": {
    en: "A static page with a script, for items: Apples, <b>Pears</b> and Plums",
    ko: "검색할 수 있는 목록이 있는 정적 웹 페이지를 만들어줘",
    ja: "検索できる一覧のある静的なWebページを作って",
  },
  "game/tictactoe": {
    en: "A tic-tac-toe game for the terminal, called Rows",
    ko: "터미널에서 하는 틱택토 게임을 만들어줘",
    ja: "三目並べのゲームを作って",
  },
  "game/guess": {
    en: "Write a game where I guess the number from 1 to 50",
    ko: "숫자 맞히기 게임을 만들어줘",
    ja: "数当てゲームを作ってください",
  },
  "crawler/links": {
    en: "A crawler for a local folder of HTML that finds broken links",
    ko: "로컬 사이트를 도는 크롤러를 만들어줘",
    ja: "ローカルのサイトをたどるクローラーを作って、JSONでも",
  },
};
