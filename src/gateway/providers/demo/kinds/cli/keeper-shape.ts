import type { Design } from "../../design.ts";
import { type Field, fieldsOf } from "./keeper-fields.ts";

/** What the templates of a record keeper need to know. */
export interface KeeperShape {
  design: Design;
  /** name of the text that every entry has */
  main: string;
  fields: Field[];
  /** entries can be ticked off */
  ticks: boolean;
  /** amounts are added up */
  totals: boolean;
  /** entries for examples and tests: at least two */
  samples: string[];
}

const MAIN: Record<string, string> = { todo: "title", notes: "text", expenses: "what", records: "name" };

const SAMPLES: Record<string, Record<string, string[]>> = {
  todo: {
    en: ["Buy milk", "Call the dentist"],
    ko: ["우유 사기", "치과에 전화하기"],
    ja: ["牛乳を買う", "歯医者に電話する"],
  },
  notes: {
    en: ["The spare key is in the drawer", "Tea is better than coffee"],
    ko: ["여분 열쇠는 서랍에 있다", "커피보다 차가 낫다"],
    ja: ["合鍵は引き出しにある", "コーヒーよりお茶がよい"],
  },
  expenses: { en: ["Lunch", "Train ticket"], ko: ["점심", "기차표"], ja: ["昼食", "電車の切符"] },
  records: { en: ["First", "Second"], ko: ["첫째", "둘째"], ja: ["一つ目", "二つ目"] },
};

export function keeperShape(design: Design): KeeperShape {
  const defaults = (SAMPLES[design.variant] ?? SAMPLES.records)?.[design.human] ?? [];
  const given = design.items.slice(0, 3);
  const fields = fieldsOf(design);
  return {
    design,
    main: MAIN[design.variant] ?? "name",
    fields,
    ticks: design.variant === "todo",
    totals: fields.some((field) => field.name === "amount"),
    samples: given.length >= 2 ? given : [...given, ...defaults].slice(0, 2),
  };
}

/** Fields by which a list can be narrowed. */
export function filtersOf(shape: KeeperShape): Field[] {
  return shape.fields.filter((field) => field.kind !== "date" && field.kind !== "amount");
}

export function hasKind(shape: KeeperShape, kind: Field["kind"]): boolean {
  return shape.fields.some((field) => field.kind === kind);
}
