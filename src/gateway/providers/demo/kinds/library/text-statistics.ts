import { library } from "./library.ts";
import { textStatisticsJavascript } from "./text-statistics-javascript.ts";
import { textStatisticsPython } from "./text-statistics-python.ts";

export const TEXT_STATISTICS = library({
  id: "textstatistics",
  defaultName: "text_statistics",
  words: /\btexts?\b|\bwords?\b|\bsentences?\b|\breadability|텍스트|문장|단어|낱말|文章|単語|テキスト/i,
  phrases: /text statistics|텍스트\s?통계|문장\s?통계|テキスト統計|文章の?統計/i,
  label: { en: "text statistics", ko: "텍스트 통계", ja: "テキスト統計" },
  about: {
    en: "Counts the words and sentences of a text, its most common words and the time to read it.",
    ko: "글의 낱말과 문장 수, 자주 나온 낱말, 읽는 데 걸리는 시간을 셉니다.",
    ja: "文章の単語数と文の数、よく出る単語、読むのにかかる時間を数えます。",
  },
  messages: {
    no_speed: {
      en: "The reading speed must be above zero.",
      ko: "읽는 속도는 0보다 커야 합니다.",
      ja: "読む速さは 0 より大きくなければなりません。",
    },
  },
  lesson: {
    en: "The most common words were counted as they are written, so “Tea” and “tea” were two words. They are counted in lower case now.",
    ko: "자주 나온 낱말을 쓰인 그대로 세어 “Tea”와 “tea”가 다른 낱말이 되었습니다. 이제 소문자로 바꾸어 셉니다.",
    ja: "よく出る単語を書かれたまま数えたため、「Tea」と「tea」が別の単語になっていました。小文字にして数えるようにしました。",
  },
  purposes: {
    split: { en: "words and sentences of a text", ko: "글의 낱말과 문장", ja: "文章の単語と文" },
    statistics: { en: "the figures of a text", ko: "글의 통계", ja: "文章の統計" },
  },
  sources: { python: textStatisticsPython, javascript: textStatisticsJavascript },
});
