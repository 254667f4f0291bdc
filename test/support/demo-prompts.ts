import type { DemoAnswer, MessagesRequest } from "#gateway/messages-wire.ts";
import { answerDemo } from "#gateway/providers/demo/demo.ts";

export interface DemoPlan {
  title: string;
  summary: string;
  language: string;
  files: { path: string; purpose: string; language: string; complexity: string; dependsOn: string[] }[];
  commands: { test: string[][]; run?: string[][] };
  testStrategy: string;
}

export interface DemoEdits {
  explanation: string;
  edits: { path: string; content: string }[];
}

export const LANGUAGES = "python 3.11.2, javascript 22.23.3, typescript 22.23.3, bash 5.2";

export function textRequest(text: string, more: Partial<MessagesRequest> = {}): MessagesRequest {
  return { model: "demo", max_tokens: 32_000, messages: [{ role: "user", content: text }], ...more };
}

export function toolInput(answer: DemoAnswer): Record<string, unknown> {
  const call = answer.content.find((block) => block.type === "tool_use");
  if (call?.type !== "tool_use") throw new Error(`no tool call in ${JSON.stringify(answer.content)}`);
  return call.input;
}

export function textOfAnswer(answer: DemoAnswer): string {
  return answer.content.map((block) => (block.type === "text" ? block.text : "")).join("");
}

const tag = (name: string, content: string) => `<${name}>${content}</${name}>`;
const fileTags = (files: Map<string, string>) =>
  [...files].map(
    ([path, content]) => `<file path="${path}">\n${content.replaceAll("</file>", "<\\/file>")}\n</file>`,
  );

/** The architect's question as the builder asks it. */
export function askArchitect(
  requests: string[],
  more: { languages?: string; currentPlan?: DemoPlan; requestedChanges?: string; existing?: string[] } = {},
): DemoAnswer {
  const parts = [
    ...requests.map((request) => tag("request", request)),
    tag("languages", more.languages ?? LANGUAGES),
    ...(more.existing ? [tag("existing", more.existing.map((path) => `${path} (12 bytes)`).join("\n"))] : []),
    ...(more.currentPlan ? [tag("current_plan", JSON.stringify(more.currentPlan))] : []),
    ...(more.requestedChanges === undefined ? [] : [tag("requested_changes", more.requestedChanges)]),
  ];
  return answerDemo(
    textRequest(parts.join("\n\n"), {
      system: "You are Carrel's architect. You turn a request into a plan.",
      tools: [{ name: "propose_plan", input_schema: { type: "object" } }],
      tool_choice: { type: "auto" },
    }),
  );
}

export function planFor(requests: string[], more: Parameters<typeof askArchitect>[1] = {}): DemoPlan {
  return toolInput(askArchitect(requests, more)) as unknown as DemoPlan;
}

/** One file as the implementer writes it, given what it depends on. */
export function writtenFile(
  requests: string[],
  plan: DemoPlan,
  path: string,
  written: Map<string, string>,
): string {
  const file = plan.files.find((one) => one.path === path);
  const needs = new Map([...written].filter(([other]) => file?.dependsOn.includes(other)));
  const parts = [
    ...requests.map((request) => tag("request", request)),
    tag("plan", JSON.stringify(plan)),
    tag("path", path),
    tag("purpose", file?.purpose ?? ""),
    ...fileTags(needs),
  ];
  const answer = answerDemo(
    textRequest(parts.join("\n\n"), { system: "You are Carrel's implementer. You write one file." }),
  );
  return textOfAnswer(answer);
}

/** Every file of the plan, the ones that are needed first. */
export function writtenFiles(
  requests: string[],
  plan: DemoPlan,
  before = new Map<string, string>(),
): Map<string, string> {
  const written = new Map(before);
  const left = new Set(plan.files.map((file) => file.path));
  while (left.size > 0) {
    const ready = plan.files.filter(
      (file) => left.has(file.path) && file.dependsOn.every((path) => !left.has(path)),
    );
    if (ready.length === 0) throw new Error(`the files depend on each other in a circle: ${[...left]}`);
    for (const { path } of ready) {
      written.set(path, writtenFile(requests, plan, path, written));
      left.delete(path);
    }
  }
  return written;
}

export function editsFor(
  requests: string[],
  plan: DemoPlan,
  output: string,
  files: Map<string, string>,
): DemoEdits {
  const parts = [
    ...requests.map((request) => tag("request", request)),
    tag("plan", JSON.stringify(plan)),
    `<failure command="${plan.commands.test[0]?.join(" ")}" exit="1">\n${output}\n</failure>`,
    ...fileTags(files),
    tag("attempt", "1"),
  ];
  const answer = answerDemo(
    textRequest(parts.join("\n\n"), {
      system: "You are Carrel's repairer. Checks of a project failed.",
      tools: [{ name: "propose_edits", input_schema: { type: "object" } }],
      tool_choice: { type: "auto" },
    }),
  );
  return toolInput(answer) as unknown as DemoEdits;
}
