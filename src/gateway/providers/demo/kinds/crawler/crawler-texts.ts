import type { Texts } from "../../design.ts";

export const CRAWLER_MESSAGES: Record<string, Texts> = {
  description: {
    en: "Crawls a local site, a folder of HTML files or a server of your own: its pages, their titles, and links that lead nowhere.",
    ko: "HTML 폴더나 직접 띄운 서버 같은 로컬 사이트를 돌며 페이지와 제목, 끊어진 링크를 찾습니다.",
    ja: "HTML のフォルダーや手元のサーバーなど、ローカルのサイトをたどり、ページと題名、切れたリンクを調べます。",
  },
  page: { en: "{address}  {title}", ko: "{address}  {title}", ja: "{address}  {title}" },
  untitled: { en: "(no title)", ko: "(제목 없음)", ja: "(題名なし)" },
  broken: {
    en: "broken: {address} <- {from}",
    ko: "끊어진 링크: {address} <- {from}",
    ja: "切れたリンク: {address} <- {from}",
  },
  total: {
    en: "pages: {pages}, broken links: {broken}, links to elsewhere: {outside}",
    ko: "페이지 {pages}개, 끊어진 링크 {broken}개, 외부 링크 {outside}개",
    ja: "ページ {pages} 件、切れたリンク {broken} 件、外部へのリンク {outside} 件",
  },
  not_local: {
    en: "{start} is neither a folder nor an address of this machine.",
    ko: "{start}은(는) 폴더도, 이 기기의 주소도 아닙니다.",
    ja: "{start} はフォルダーでも、この機械のアドレスでもありません。",
  },
  help_start: {
    en: "folder, or http address of this machine",
    ko: "폴더 또는 이 기기의 http 주소",
    ja: "フォルダー、またはこの機械の http アドレス",
  },
  help_most: { en: "pages at most", ko: "최대 페이지 수", ja: "ページ数の上限" },
  help_json: { en: "print JSON", ko: "JSON으로 출력합니다", ja: "JSON で出力する" },
};

export const CRAWLER_PURPOSE = {
  source: {
    en: "reads pages from a folder or a server of this machine",
    ko: "폴더나 이 기기의 서버에서 페이지를 읽습니다",
    ja: "フォルダーやこの機械のサーバーからページを読む",
  },
  parse: { en: "title and links of a page", ko: "페이지의 제목과 링크", ja: "ページの題名とリンク" },
  crawl: {
    en: "goes from page to page",
    ko: "페이지에서 페이지로 따라갑니다",
    ja: "ページからページへたどる",
  },
  sample: { en: "a small site to try it with", ko: "시험용 작은 사이트", ja: "試すための小さなサイト" },
} satisfies Record<string, Texts>;

export const STAYS_HERE: Texts = {
  en: "It never leaves this machine: links to elsewhere are counted and not followed.",
  ko: "이 기기 밖으로 나가지 않습니다. 외부 링크는 세기만 하고 따라가지 않습니다.",
  ja: "この機械の外へは出ません。外部へのリンクは数えるだけで、たどりません。",
};

/** Headings of the sample site: its first page, its second, and one below. */
export const SAMPLE_TITLES: Record<"home" | "about" | "news", Texts> = {
  home: { en: "Home", ko: "첫 화면", ja: "ホーム" },
  about: { en: "About us", ko: "소개", ja: "紹介" },
  news: { en: "News & notes", ko: "소식과 메모", ja: "お知らせとメモ" },
};
