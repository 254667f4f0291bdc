import { library } from "./library.ts";
import { slugifyJavascript } from "./slugify-javascript.ts";
import { slugifyPython } from "./slugify-python.ts";

export const SLUGIFY = library({
  id: "slugify",
  defaultName: "slugs",
  words: /\bslug|\bpermalink|슬러그|スラッグ/i,
  phrases: /\bslug|슬러그|スラッグ/i,
  label: { en: "slugs", ko: "슬러그", ja: "スラッグ" },
  about: {
    en: "Turns titles into slugs for addresses, in any script, without repeats.",
    ko: "제목을 주소용 슬러그로 바꿉니다. 어떤 문자든 되고 겹치지 않습니다.",
    ja: "題名をアドレス用のスラッグに変えます。どの文字でも使え、重なりません。",
  },
  messages: {
    nothing_left: {
      en: "“{value}” has no letters or digits to make a slug of.",
      ko: "“{value}”에는 슬러그로 쓸 글자나 숫자가 없습니다.",
      ja: "「{value}」にはスラッグにできる文字や数字がありません。",
    },
  },
  lesson: {
    en: "Each separator became a hyphen of its own, so “rock & roll” came out as “rock---roll”. A whole run of separators is one hyphen now.",
    ko: "구분 문자마다 하이픈이 하나씩 들어가 “rock & roll”이 “rock---roll”이 되었습니다. 이제 연속된 구분 문자는 하이픈 하나가 됩니다.",
    ja: "区切り文字ごとにハイフンが入り、「rock & roll」が「rock---roll」になっていました。連続する区切りは一つのハイフンにしました。",
  },
  purposes: {
    letters: {
      en: "plain letters: case, accents, what may stay",
      ko: "글자 정리: 대소문자, 발음 기호, 남길 글자",
      ja: "文字の整理: 大小、アクセント、残す文字",
    },
    slug: { en: "one text as a slug", ko: "글 하나를 슬러그로", ja: "一つの文をスラッグに" },
    unique: { en: "slugs that do not repeat", ko: "겹치지 않는 슬러그", ja: "重ならないスラッグ" },
  },
  sources: { python: slugifyPython, javascript: slugifyJavascript },
});
