import type { Design } from "../../design.ts";
import type { Project, Variant } from "../project.ts";
import { inHuman, type Module, type Program, writeProject } from "../write-project.ts";
import { javascriptApi } from "./service-javascript-api.ts";
import { javascriptServer, javascriptServiceMain } from "./service-javascript-server.ts";
import { javascriptStore } from "./service-javascript-store.ts";
import { javascriptServiceTests } from "./service-javascript-tests.ts";
import { pythonApi } from "./service-python-api.ts";
import { pythonServer, pythonServiceMain } from "./service-python-server.ts";
import { pythonStore } from "./service-python-store.ts";
import { pythonServiceTests } from "./service-python-tests.ts";
import { resourceOf, type ServiceShape, serviceShape } from "./service-shape.ts";
import { ADDRESSES, SERVICE_MESSAGES, SERVICE_PURPOSE } from "./service-texts.ts";

function sourcesOf(shape: ServiceShape): Pick<Program, "modules" | "entry" | "tests"> {
  const python = shape.design.language === "python";
  const module = (name: keyof typeof SERVICE_PURPOSE, needs: string[], content: string): Module => ({
    name,
    purpose: SERVICE_PURPOSE[name],
    needs,
    content,
  });
  return {
    modules: [
      module("store", ["messages"], python ? pythonStore() : javascriptStore(shape)),
      module("api", ["store", "messages"], python ? pythonApi(shape) : javascriptApi(shape)),
      module("server", ["api", "store", "messages"], python ? pythonServer() : javascriptServer()),
    ],
    entry: python ? pythonServiceMain(shape) : javascriptServiceMain(shape),
    tests: python ? pythonServiceTests(shape) : javascriptServiceTests(shape),
  };
}

function render(design: Design): Project {
  const shape = serviceShape(design);
  const { plural, main, ticks, samples } = shape;
  const intro = resourceOf(design).about[design.human];
  const body = JSON.stringify({ [main]: samples[0] });
  const change = JSON.stringify(ticks ? { done: true } : { [main]: samples[1] });
  const addresses = [
    `POST /${plural} ${body}`,
    `GET /${plural}?search=…`,
    `GET /${plural}/1`,
    `PATCH /${plural}/1 ${change}`,
    `DELETE /${plural}/1`,
  ];
  return writeProject(design, {
    intro,
    messages: { description: intro, ...inHuman(SERVICE_MESSAGES, design) },
    ...sourcesOf(shape),
    shown: ["--try", "--help"],
    run: ["--try"],
    more: [ADDRESSES[design.human], addresses.map((one) => `    ${one}`).join("\n")],
  });
}

export const TASK_SERVICE: Variant = {
  id: "tasks",
  defaultName: "task_service",
  words: /to-?do\b|\btasks?\b|할\s?일|작업|타스크|태스크|タスク|やること|トゥードゥー/i,
  label: { en: "to-do list", ko: "할 일 목록", ja: "ToDo リスト" },
  render,
};
export const NOTE_SERVICE: Variant = {
  id: "notes",
  defaultName: "note_service",
  words: /\bnotes?\b|\bmemos?\b|메모|노트|メモ|ノート/i,
  label: { en: "notes", ko: "메모", ja: "メモ" },
  render,
};
export const ITEM_SERVICE: Variant = {
  id: "items",
  defaultName: "item_service",
  words: /\bitems?\b|\brecords?\b|\bcrud\b|\brest(ful)?\b|항목|기록|レコード|項目|登録/i,
  label: { en: "list of items", ko: "항목 목록", ja: "項目の一覧" },
  render,
};
