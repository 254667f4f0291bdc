import type { Design, Human, Texts } from "../../design.ts";

export const PAGE_MESSAGES: Record<string, Texts> = {
  search: { en: "Search", ko: "찾기", ja: "検索" },
  count: { en: "{count} of {all}", ko: "{all}개 중 {count}개", ja: "{all} 件中 {count} 件" },
  nothing: {
    en: "Nothing fits “{query}”.",
    ko: "“{query}”에 맞는 것이 없습니다.",
    ja: "「{query}」に合うものはありません。",
  },
  written: { en: "Written: {path}", ko: "만들었습니다: {path}", ja: "書き出しました: {path}" },
  help_output: { en: "folder for the page", ko: "페이지를 저장할 폴더", ja: "ページを書き出すフォルダー" },
};

export const PAGE_ABOUT: Texts = {
  en: "A static page with a list that can be searched; one file that opens without a server.",
  ko: "목록을 검색할 수 있는 정적 페이지입니다. 파일 하나로 만들어져 서버 없이 열립니다.",
  ja: "検索できる一覧のある静的なページです。一つのファイルにまとまり、サーバーなしで開けます。",
};

export const PAGE_PURPOSE = {
  items: { en: "what the page shows", ko: "페이지에 보이는 내용", ja: "ページに表示する内容" },
  list: {
    en: "search and the list's HTML, without a browser",
    ko: "검색과 목록의 HTML (브라우저 없이)",
    ja: "検索と一覧の HTML (ブラウザーなし)",
  },
  page: { en: "ties the list to the page", ko: "목록을 페이지에 연결합니다", ja: "一覧をページにつなぐ" },
  render: { en: "fills the template", ko: "틀을 채웁니다", ja: "ひな型を埋める" },
  html: { en: "the page's frame", ko: "페이지의 틀", ja: "ページの枠" },
  style: { en: "how it looks", ko: "모양", ja: "見た目" },
} satisfies Record<string, Texts>;

/** Where to look for the page that was made. */
export const OPEN_IT: Texts = {
  en: "Open `dist/index.html` in a browser: styles and script are inside.",
  ko: "브라우저에서 `dist/index.html`을 여세요. 스타일과 스크립트가 안에 들어 있습니다.",
  ja: "ブラウザーで `dist/index.html` を開いてください。スタイルとスクリプトは中に入っています。",
};

type Entry = [name: string, text: string];
const SAMPLES: Record<Human, Entry[]> = {
  en: [
    ["Green tea", "Light and fresh"],
    ["Black tea", "Strong, with milk or without"],
    ["Oolong", "Between green and black"],
    ["Chamomile", "For the evening"],
    ["Peppermint", "Cool even when hot"],
  ],
  ko: [
    ["녹차", "가볍고 산뜻함"],
    ["홍차", "진하고 우유와도 어울림"],
    ["우롱차", "녹차와 홍차 사이"],
    ["캐모마일", "저녁에 좋음"],
    ["페퍼민트", "뜨거워도 시원함"],
  ],
  ja: [
    ["緑茶", "軽くさわやか"],
    ["紅茶", "濃く、ミルクにも合う"],
    ["烏龍茶", "緑茶と紅茶のあいだ"],
    ["カモミール", "夜に向く"],
    ["ペパーミント", "熱くても涼しい"],
  ],
};

/** The entries of the page: those of the request, else tea. */
export function entriesOf(design: Design): Entry[] {
  return design.items.length > 0 ? design.items.map((item) => [item, ""]) : SAMPLES[design.human];
}
