import type { Texts } from "../../design.ts";

export const SERVICE_MESSAGES: Record<string, Texts> = {
  listening: {
    en: "Listening on {address}. Ctrl-C ends it.",
    ko: "{address}에서 기다립니다. Ctrl-C로 끝냅니다.",
    ja: "{address} で待ち受けています。Ctrl-C で終わります。",
  },
  stopped: { en: "Stopped.", ko: "멈췄습니다.", ja: "停止しました。" },
  not_found: {
    en: "There is nothing at {path}.",
    ko: "{path}에는 아무것도 없습니다.",
    ja: "{path} には何もありません。",
  },
  not_allowed: {
    en: "{method} is not possible here.",
    ko: "여기서는 {method}을(를) 쓸 수 없습니다.",
    ja: "ここでは {method} を使えません。",
  },
  not_json: {
    en: "The body must be a JSON object.",
    ko: "본문은 JSON 객체여야 합니다.",
    ja: "本文は JSON オブジェクトでなければなりません。",
  },
  too_large: {
    en: "The body is larger than {limit} bytes.",
    ko: "본문이 {limit}바이트보다 큽니다.",
    ja: "本文が {limit} バイトを超えています。",
  },
  bad_value: {
    en: "“{field}” is missing or not of the right kind.",
    ko: "“{field}” 값이 없거나 형식이 맞지 않습니다.",
    ja: "「{field}」がないか、形式が正しくありません。",
  },
  damaged: {
    en: "The file {path} does not hold a list of records; it was left as it is.",
    ko: "파일 {path}에 목록이 없습니다. 파일은 그대로 두었습니다.",
    ja: "ファイル {path} は一覧ではありません。ファイルには触れていません。",
  },
  help_port: { en: "port to listen on", ko: "기다릴 포트", ja: "待ち受けるポート" },
  help_file: { en: "file that holds the records", ko: "기록을 저장하는 파일", ja: "記録を保存するファイル" },
  help_try: {
    en: "start on a free port, add and list one record, and end",
    ko: "빈 포트에서 시작해 하나를 추가하고 조회한 뒤 끝냅니다",
    ja: "空いたポートで始め、一件を追加・表示して終わる",
  },
};

export const SERVICE_PURPOSE = {
  store: {
    en: "keeps the records, in one JSON file",
    ko: "기록을 JSON 파일 하나에 보관합니다",
    ja: "記録を一つの JSON ファイルに保つ",
  },
  api: {
    en: "what is answered to each request, without the network",
    ko: "요청마다 무엇을 답할지 정합니다 (네트워크 없이)",
    ja: "各リクエストへの答え (ネットワークなし)",
  },
  server: { en: "the answers over HTTP", ko: "HTTP로 답합니다", ja: "HTTP で答える" },
} satisfies Record<string, Texts>;

/** Before the table of addresses in the README. */
export const ADDRESSES: Texts = {
  en: "Without `--try` it keeps listening on port 8000 of this machine, or on the one that `--port` names:",
  ko: "`--try` 없이 시작하면 이 기기의 8000번 포트 또는 `--port`로 정한 포트에서 계속 기다립니다:",
  ja: "`--try` なしでは、この機械の 8000 番ポート、または `--port` で指定したポートで待ち続けます:",
};
