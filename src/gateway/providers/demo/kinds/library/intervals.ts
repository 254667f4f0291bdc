import { intervalsJavascript } from "./intervals-javascript.ts";
import { intervalsPython } from "./intervals-python.ts";
import { library } from "./library.ts";

export const INTERVALS = library({
  id: "intervals",
  defaultName: "intervals",
  words: /\bintervals?\b|\boverlap|\bfree slots?\b|구간|겹치|区間|重な/i,
  phrases:
    /interval[- ]?merg|merg(e|ing) (overlapping )?(intervals|ranges)|구간\s?(병합|합치)|区間の?(結合|マージ|統合)/i,
  label: { en: "intervals", ko: "구간 다루기", ja: "区間の計算" },
  about: {
    en: "Merges intervals, finds the gaps between them and measures what they cover.",
    ko: "구간을 합치고, 빈 구간을 찾고, 덮인 길이를 잽니다.",
    ja: "区間をまとめ、すき間を見つけ、覆われた長さを測ります。",
  },
  messages: {
    not_a_pair: {
      en: "{value} is not a pair of start and end.",
      ko: "{value}은(는) 시작과 끝의 쌍이 아닙니다.",
      ja: "{value} は開始と終了の組ではありません。",
    },
    backwards: {
      en: "The start {start} is after the end {end}.",
      ko: "시작 {start}이(가) 끝 {end}보다 뒤에 있습니다.",
      ja: "開始 {start} が終了 {end} より後です。",
    },
  },
  lesson: {
    en: "When intervals were joined, the end of the later one always won, so one inside another cut it short. The larger end is kept now.",
    ko: "구간을 합칠 때 항상 나중 구간의 끝을 써서, 안에 든 구간이 바깥 구간을 잘라 버렸습니다. 이제 더 큰 끝을 씁니다.",
    ja: "区間をまとめるとき必ず後の区間の終わりを使い、内側の区間が外側を短くしていました。大きいほうの終わりを残すようにしました。",
  },
  purposes: {
    interval: { en: "checks one interval", ko: "구간 하나의 검사", ja: "区間ひとつの検査" },
    merge: {
      en: "joins intervals that overlap or touch",
      ko: "겹치거나 맞닿은 구간 합치기",
      ja: "重なる・接する区間をまとめる",
    },
    gaps: { en: "free room and covered length", ko: "빈 구간과 덮인 길이", ja: "空きと覆われた長さ" },
  },
  sources: { python: intervalsPython, javascript: intervalsJavascript },
});
