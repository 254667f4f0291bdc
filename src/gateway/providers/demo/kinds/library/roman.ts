import { library } from "./library.ts";
import { romanJavascript } from "./roman-javascript.ts";
import { romanPython } from "./roman-python.ts";

export const ROMAN = library({
  id: "roman",
  defaultName: "roman",
  words: /\broman\b|로마|ローマ/i,
  phrases: /roman numerals?|로마\s?숫자|ローマ数字/i,
  label: { en: "Roman numerals", ko: "로마 숫자", ja: "ローマ数字" },
  about: {
    en: "Turns whole numbers into Roman numerals and back.",
    ko: "정수를 로마 숫자로, 로마 숫자를 정수로 바꿉니다.",
    ja: "整数をローマ数字に、ローマ数字を整数に変換します。",
  },
  messages: {
    not_whole: {
      en: "{value} is not a whole number.",
      ko: "{value}은(는) 정수가 아닙니다.",
      ja: "{value} は整数ではありません。",
    },
    out_of_range: {
      en: "{value} is not between 1 and {largest}.",
      ko: "{value}은(는) 1과 {largest} 사이의 수가 아닙니다.",
      ja: "{value} は 1 から {largest} までの数ではありません。",
    },
    not_numeral: {
      en: "“{value}” is not a Roman numeral.",
      ko: "“{value}”은(는) 로마 숫자가 아닙니다.",
      ja: "「{value}」はローマ数字ではありません。",
    },
  },
  lesson: {
    en: "The table of symbols lacked the pair IV, so 4 came out as IIII. The pair is there now.",
    ko: "기호 표에 IV가 빠져 있어 4가 IIII로 나왔습니다. IV를 추가했습니다.",
    ja: "記号の表に IV がなく、4 が IIII になっていました。IV を加えました。",
  },
  purposes: {
    symbols: { en: "the symbols and their values", ko: "기호와 값", ja: "記号と値" },
    encode: { en: "from numbers to numerals", ko: "숫자에서 로마 숫자로", ja: "数からローマ数字へ" },
    decode: { en: "from numerals to numbers", ko: "로마 숫자에서 숫자로", ja: "ローマ数字から数へ" },
  },
  sources: { python: romanPython, javascript: romanJavascript },
});
