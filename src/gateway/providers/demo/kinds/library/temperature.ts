import { library } from "./library.ts";
import { temperatureJavascript } from "./temperature-javascript.ts";
import { temperaturePython } from "./temperature-python.ts";

export const TEMPERATURE = library({
  id: "temperature",
  defaultName: "temperature",
  words: /temperature|celsius|fahrenheit|kelvin|온도|섭씨|화씨|気温|温度|摂氏|華氏/i,
  phrases:
    /temperature conver|convert(ing|s)? temperatures?|celsius (to|and|or) fahrenheit|온도\s?(변환|단위)|温度(の)?変換/i,
  label: { en: "temperature conversion", ko: "온도 변환", ja: "温度変換" },
  about: {
    en: "Converts temperatures between Celsius, Fahrenheit and Kelvin, one by one or in series.",
    ko: "온도를 섭씨, 화씨, 켈빈으로 하나씩 또는 한꺼번에 변환합니다.",
    ja: "温度を摂氏・華氏・ケルビンの間で、一つずつでもまとめてでも変換します。",
  },
  messages: {
    not_number: {
      en: "{value} is not a number.",
      ko: "{value}은(는) 숫자가 아닙니다.",
      ja: "{value} は数ではありません。",
    },
    too_cold: {
      en: "Nothing is colder than absolute zero.",
      ko: "절대 영도보다 낮은 온도는 없습니다.",
      ja: "絶対零度より低い温度はありません。",
    },
    unknown_scale: {
      en: "“{scale}” is not one of the scales c, f and k.",
      ko: "“{scale}”은(는) c, f, k 가운데 하나가 아닙니다.",
      ja: "「{scale}」は c・f・k のどれでもありません。",
    },
    no_values: { en: "There are no values.", ko: "값이 없습니다.", ja: "値がありません。" },
  },
  lesson: {
    en: "The step from Fahrenheit to Celsius lacked the brackets around “value - 32”, so only 32 was scaled. The brackets are there now.",
    ko: "화씨를 섭씨로 바꿀 때 “value - 32”에 괄호가 없어 32에만 비율이 적용되었습니다. 괄호를 넣었습니다.",
    ja: "華氏から摂氏への計算で「value - 32」に括弧がなく、32 だけが換算されていました。括弧を付けました。",
  },
  purposes: {
    limits: {
      en: "refuses what no thermometer can show",
      ko: "있을 수 없는 온도를 거부합니다",
      ja: "ありえない温度を拒む",
    },
    scales: {
      en: "conversion between Celsius, Fahrenheit and Kelvin",
      ko: "섭씨, 화씨, 켈빈 사이의 변환",
      ja: "摂氏・華氏・ケルビンの変換",
    },
    series: { en: "whole series of readings", ko: "측정값 목록 전체의 변환", ja: "測定値の列をまとめて変換" },
  },
  sources: { python: temperaturePython, javascript: temperatureJavascript },
});
