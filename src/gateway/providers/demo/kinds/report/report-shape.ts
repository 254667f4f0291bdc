import type { Design, Human, Texts } from "../../design.ts";

export interface ReportShape {
  design: Design;
  /** heading of the report */
  heading: string;
  /** what the rows are grouped by, and what is measured */
  group: string;
  value: string;
  /** sums with shares, or means with the smallest and the largest */
  measure: "sum" | "mean";
  /** groups with the largest first, or as the data has them */
  largestFirst: boolean;
  rows: [group: string, value: number][];
}

export interface Series {
  group: Texts;
  value: Texts;
  heading: Texts;
  measure: "sum" | "mean";
  largestFirst: boolean;
  groups: Record<Human, string[]>;
  /** values for the groups, round after round */
  values: number[];
}

const REGIONS: Record<Human, string[]> = {
  en: ["North", "South", "East", "West"],
  ko: ["서울", "부산", "대구", "광주"],
  ja: ["東京", "大阪", "名古屋", "福岡"],
};
const MONTHS = ["2025-01", "2025-02", "2025-03", "2025-04"];

export const SERIES: Record<string, Series> = {
  sales: {
    group: { en: "region", ko: "지역", ja: "地域" },
    value: { en: "sales", ko: "매출", ja: "売上" },
    heading: { en: "Sales by region", ko: "지역별 매출", ja: "地域別売上" },
    measure: "sum",
    largestFirst: true,
    groups: REGIONS,
    values: [1200, 860, 1430, 990, 1310, 905, 1275, 1040],
  },
  spending: {
    group: { en: "month", ko: "월", ja: "月" },
    value: { en: "expenses", ko: "지출", ja: "支出" },
    heading: { en: "Expenses by month", ko: "월별 지출", ja: "月別支出" },
    measure: "sum",
    largestFirst: false,
    groups: { en: MONTHS, ko: MONTHS, ja: MONTHS },
    values: [412.5, 388.2, 455.9, 401.75, 120, 95.4, 130.25, 88],
  },
  survey: {
    group: { en: "answer", ko: "응답", ja: "回答" },
    value: { en: "votes", ko: "응답 수", ja: "票数" },
    heading: { en: "Survey results", ko: "설문 결과", ja: "アンケート結果" },
    measure: "sum",
    largestFirst: true,
    groups: {
      en: ["Very good", "Good", "Fair", "Poor"],
      ko: ["매우 좋음", "좋음", "보통", "나쁨"],
      ja: ["とても良い", "良い", "普通", "悪い"],
    },
    values: [18, 27, 11, 4, 9, 14, 6, 3],
  },
  temperatures: {
    group: { en: "place", ko: "지점", ja: "地点" },
    value: { en: "temperature", ko: "기온", ja: "気温" },
    heading: { en: "Temperatures by place", ko: "지점별 기온", ja: "地点別気温" },
    measure: "mean",
    largestFirst: false,
    groups: REGIONS,
    values: [21.5, 24.8, 22.1, 23.4, 18.9, 22.6, 20.3, 21.7, -1.5, 3.2, 0.4, 2.8],
  },
  figures: {
    group: { en: "group", ko: "구분", ja: "区分" },
    value: { en: "value", ko: "값", ja: "値" },
    heading: { en: "Figures by group", ko: "구분별 집계", ja: "区分別集計" },
    measure: "sum",
    largestFirst: true,
    groups: { en: ["A", "B", "C"], ko: ["가", "나", "다"], ja: ["甲", "乙", "丙"] },
    values: [40, 25, 35, 20, 30, 10],
  },
};

const HEADING: Record<Human, (value: string, group: string) => string> = {
  en: (value, group) => `${value.charAt(0).toUpperCase()}${value.slice(1)} by ${group}`,
  ko: (value, group) => `${group}별 ${value}`,
  ja: (value, group) => `${group}別${value}`,
};

export function reportShape(design: Design): ReportShape {
  const series = SERIES[design.variant] ?? (SERIES.figures as Series);
  const { human } = design;
  const [value = series.value[human], group = series.group[human]] = design.labels;
  const heading = design.labels.length > 0 ? HEADING[human](value, group) : series.heading[human];
  // A row of the request is one row of the data; without numbers every group gets two or three.
  const given = design.numbers.length > 0 && design.numbers.length === design.items.length;
  const groups = design.items.length > 0 ? design.items : series.groups[human];
  const rounds = given ? 1 : series.measure === "mean" ? 3 : 2;
  const rows = Array.from({ length: rounds }, (_, round) =>
    groups.map((name, index): [string, number] => [
      name,
      given
        ? (design.numbers[index] as number)
        : (series.values[(round * groups.length + index) % series.values.length] as number),
    ]),
  ).flat();
  return { design, heading, group, value, measure: series.measure, largestFirst: series.largestFirst, rows };
}

const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function csvOf(shape: ReportShape): string {
  const lines = [[shape.group, shape.value], ...shape.rows].map(([name, value]) =>
    [cell(String(name)), cell(String(value))].join(","),
  );
  return `${lines.join("\n")}\n`;
}
