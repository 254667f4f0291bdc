import type { MessagesRequest, WireTool } from "#gateway/messages-wire.ts";
import { lastSaid } from "./answer-chat.ts";
import type { Human } from "./design.ts";
import { askedLanguage, detectHuman } from "./detect-language.ts";
import { fillSchema } from "./fill-schema.ts";
import { readQuoted } from "./read-details.ts";
import { blocksOf, spokenText } from "./read-request.ts";

export interface ToolCall {
  name: string;
  input: Record<string, unknown>;
  /** a sentence before the call */
  before?: string;
}

const WANTS_FILE = /\b(create|write|make|add|save|put)\b|만들|작성|써\s?줘|저장|作成|作って|書いて|保存/i;
const WANTS_RUN = /\b(run|execute|start|launch|try it|test it)\b|실행|돌려|実行|走らせ/i;
const WANTS_LOOK = /\b(read|show|open|look at|print|cat)\b|보여|읽어|見せて|読んで|表示/i;

type Purpose = "write" | "run" | "read";
const TOOL_NAMES: Record<Purpose, RegExp[]> = {
  write: [
    /^(write|write_file|writefile|create_file|fs_write|fs\.write)$/i,
    /str_replace|write|create.*file|edit/i,
  ],
  run: [
    /^(bash|shell|exec|exec_command|run_command|terminal|local_shell)$/i,
    /bash|shell|exec|terminal|command/i,
  ],
  read: [/^(read|read_file|view|cat)$/i, /read|view/i],
};

const DONE: Record<Human, string> = {
  en: "Done. Demo model, scripted: add a key for real work.",
  ko: "끝났습니다. 스크립트 데모 모델입니다. 실제 작업에는 키를 추가하세요. (Demo model, scripted: add a key for real work.)",
  ja: "終わりました。スクリプト式デモモデルです。実際の作業にはキーを追加してください。(Demo model, scripted: add a key for real work.)",
};
const FAILED: Record<Human, string> = {
  en: "The tool reported an error, and the script ends here.",
  ko: "도구가 오류를 알렸고, 스크립트는 여기서 끝납니다.",
  ja: "ツールがエラーを返したため、台本はここで終わります。",
};

function findTool(tools: WireTool[], purpose: Purpose): WireTool | undefined {
  for (const pattern of TOOL_NAMES[purpose]) {
    const tool = tools.find((one) => one.name !== undefined && pattern.test(one.name));
    if (tool) return tool;
  }
  return undefined;
}

const HELLO = { python: "hello.py", javascript: "hello.js", typescript: "hello.ts" };

/** The file and the command that a text is about. */
function taskOf(text: string) {
  const named = /[\w./-]*\w\.(?:py|js|mjs|ts|sh|txt|md|json|csv|html)\b/i.exec(text)?.[0];
  const path = named ?? HELLO[askedLanguage(text) ?? "python"];
  const said = readQuoted(text, path)[0] ?? "Hello from Carrel's scripted demo model";
  const literal = JSON.stringify(said);
  const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  const content =
    ending === "py"
      ? `print(${literal})\n`
      : /^(js|mjs|ts)$/.test(ending)
        ? `console.log(${literal});\n`
        : ending === "sh"
          ? `printf '%s\\n' '${said.replaceAll("'", "'\\''")}'\n`
          : ending === "json"
            ? `${JSON.stringify({ text: said }, null, 2)}\n`
            : `${said}\n`;
  const programs: Record<string, string> = { py: "python3", js: "node", mjs: "node", ts: "node", sh: "bash" };
  const given = /`([^`\n]+)`/.exec(text)?.[1];
  const fileCommand = `${programs[ending] ?? "cat"} ${path}`;
  return { path, content, fileCommand, command: given && given !== path ? given : fileCommand };
}

/** Calls that the last text of the person asks for, in order. */
function callsFor(request: MessagesRequest, text: string): ToolCall[] {
  const tools = (request.tools ?? []).filter((tool) => tool.name !== undefined);
  const { path, content, fileCommand, command } = taskOf(text);
  const calls: ToolCall[] = [];
  const call = (purpose: Purpose, values: Record<string, unknown>) => {
    const tool = findTool(tools, purpose);
    if (tool?.name) calls.push({ name: tool.name, input: fillSchema(tool.input_schema, values) });
    return tool !== undefined;
  };
  const writes = WANTS_FILE.test(text);
  if (writes && !call("write", { path, content, edit: "create" })) {
    call("run", { command: `cat > ${path} <<'END'\n${content}END`, path });
  }
  if (WANTS_RUN.test(text)) call("run", { command: writes ? fileCommand : command, path });
  else if (!writes && WANTS_LOOK.test(text) && !call("read", { path }))
    call("run", { command: `cat ${path}`, path });
  return calls;
}

/** Results since the person last spoke: how many there are, and whether the last one is an error. */
function resultsSince(request: MessagesRequest): { count: number; failed: boolean } {
  let count = 0;
  let failed = false;
  for (const message of request.messages) {
    if (message.role !== "user") continue;
    const said = spokenText(message);
    const results = blocksOf(message).filter((block) => block.type === "tool_result");
    if (said !== "" && results.length === 0) count = 0;
    count += results.length;
    failed = results.at(-1)?.is_error === true;
  }
  return { count, failed };
}

/** The next tool call, the closing words after the last one, or null when the request is no matter of tools. */
export function callTool(request: MessagesRequest): ToolCall | string | null {
  const tools = request.tools ?? [];
  const choice = request.tool_choice?.type ?? "auto";
  if (tools.length === 0 || choice === "none") return null;
  const text = lastSaid(request);
  const { path, content, command } = taskOf(text);
  const values = { path, content, command, edit: "create" };
  if (choice === "tool") {
    const tool = tools.find((one) => one.name === request.tool_choice?.name);
    return tool?.name ? { name: tool.name, input: fillSchema(tool.input_schema, values) } : null;
  }
  const human = detectHuman(text);
  const { count, failed } = resultsSince(request);
  const calls = callsFor(request, text);
  const next = calls[count];
  if (next && !failed) return next;
  const first = tools.find((one) => one.name !== undefined);
  if (choice === "any" && first?.name)
    return { name: first.name, input: fillSchema(first.input_schema, values) };
  if (failed) return `${FAILED[human]} ${DONE[human]}`;
  return count > 0 ? DONE[human] : null;
}
