import type { Design, Texts } from "../../design.ts";

/** What the templates of a service need to know. */
export interface ServiceShape {
  design: Design;
  /** the collection's address, without its slash */
  plural: string;
  /** name of the text that every record has */
  main: string;
  /** records can be ticked off */
  ticks: boolean;
  /** two records for examples and tests */
  samples: [string, string];
}

interface Resource {
  plural: string;
  main: string;
  ticks: boolean;
  about: Texts;
  samples: Record<Design["human"], [string, string]>;
}

export const RESOURCES: Record<string, Resource> = {
  tasks: {
    plural: "tasks",
    main: "title",
    ticks: true,
    about: {
      en: "A small REST service that keeps a to-do list: JSON over HTTP, stored in one file.",
      ko: "할 일 목록을 보관하는 작은 REST 서비스입니다. HTTP로 JSON을 주고받고 파일 하나에 저장합니다.",
      ja: "ToDo リストを預かる小さな REST サービスです。HTTP で JSON をやり取りし、一つのファイルに保存します。",
    },
    samples: {
      en: ["Buy milk", "Call the dentist"],
      ko: ["우유 사기", "치과에 전화하기"],
      ja: ["牛乳を買う", "歯医者に電話する"],
    },
  },
  notes: {
    plural: "notes",
    main: "text",
    ticks: false,
    about: {
      en: "A small REST service that keeps notes: JSON over HTTP, stored in one file.",
      ko: "메모를 보관하는 작은 REST 서비스입니다. HTTP로 JSON을 주고받고 파일 하나에 저장합니다.",
      ja: "メモを預かる小さな REST サービスです。HTTP で JSON をやり取りし、一つのファイルに保存します。",
    },
    samples: {
      en: ["Tea is better than coffee", "The key is in the drawer"],
      ko: ["커피보다 차가 낫다", "열쇠는 서랍에 있다"],
      ja: ["コーヒーよりお茶がよい", "鍵は引き出しにある"],
    },
  },
  items: {
    plural: "items",
    main: "name",
    ticks: false,
    about: {
      en: "A small REST service that keeps items: JSON over HTTP, stored in one file.",
      ko: "항목을 보관하는 작은 REST 서비스입니다. HTTP로 JSON을 주고받고 파일 하나에 저장합니다.",
      ja: "項目を預かる小さな REST サービスです。HTTP で JSON をやり取りし、一つのファイルに保存します。",
    },
    samples: { en: ["First", "Second"], ko: ["첫째", "둘째"], ja: ["一つ目", "二つ目"] },
  },
};

export function resourceOf(design: Design): Resource {
  return RESOURCES[design.variant] ?? (RESOURCES.items as Resource);
}

export function serviceShape(design: Design): ServiceShape {
  const { plural, main, ticks, samples } = resourceOf(design);
  const [first, second] = samples[design.human];
  return { design, plural, main, ticks, samples: [design.items[0] ?? first, design.items[1] ?? second] };
}
