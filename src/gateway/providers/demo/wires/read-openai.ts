import type { MessagesRequest, WireBlock, WireMessage, WireTool } from "#gateway/messages-wire.ts";

type Json = Record<string, unknown>;

/** What the demo model reads of a Chat Completions request, in the words of Messages. */
export function readChat(value: Json): MessagesRequest {
  const messages = value.messages as Json[];
  const tools = (value.tools as Json[] | undefined)?.map((tool) =>
    toolOf((tool.function ?? tool.custom ?? tool) as Json),
  );
  return request(value, messages, tools, value.max_completion_tokens ?? value.max_tokens, chatMessage);
}

/** The same of a Responses request. */
export function readResponses(value: Json): MessagesRequest {
  const input =
    typeof value.input === "string" ? [{ role: "user", content: value.input }] : (value.input as Json[]);
  const items = value.instructions ? [{ role: "system", content: value.instructions }, ...input] : input;
  const tools = (value.tools as Json[] | undefined)?.filter((tool) => tool.name !== undefined).map(toolOf);
  return request(value, items, tools, value.max_output_tokens, responsesItem);
}

function request(
  value: Json,
  items: Json[],
  tools: WireTool[] | undefined,
  limit: unknown,
  read: (item: Json) => WireMessage | null,
): MessagesRequest {
  const isSystem = (item: Json) => item.role === "system" || item.role === "developer";
  const system = items.filter(isSystem).map((item) => textOf(item.content));
  const messages = items.filter((item) => !isSystem(item)).flatMap((item) => read(item) ?? []);
  return {
    model: String(value.model),
    max_tokens: typeof limit === "number" ? limit : 32_000,
    stream: value.stream === true,
    ...(system.length > 0 ? { system: system.join("\n\n") } : {}),
    messages: messages.length > 0 ? messages : [{ role: "user", content: "" }],
    ...(tools?.length ? { tools, tool_choice: choiceOf(value.tool_choice) } : {}),
  };
}

function chatMessage(message: Json): WireMessage | null {
  if (message.role === "tool") return resultOf(message.tool_call_id, message.content);
  if (message.role !== "assistant") return { role: "user", content: textOf(message.content) };
  const calls = ((message.tool_calls as Json[] | undefined) ?? []).map((call) => {
    const { name, arguments: json } = (call.function ?? {}) as Json;
    return callOf(call.id, name, json);
  });
  const text = textOf(message.content);
  return { role: "assistant", content: [...(text ? [{ type: "text", text }] : []), ...calls] };
}

function responsesItem(item: Json): WireMessage | null {
  if (item.type === "function_call_output" || item.type === "custom_tool_call_output") {
    return resultOf(item.call_id, item.output);
  }
  if (item.type === "function_call") {
    return { role: "assistant", content: [callOf(item.call_id, item.name, item.arguments)] };
  }
  if (item.type !== undefined && item.type !== "message") return null;
  return { role: item.role === "assistant" ? "assistant" : "user", content: textOf(item.content) };
}

function resultOf(id: unknown, content: unknown): WireMessage {
  return {
    role: "user",
    content: [{ type: "tool_result", tool_use_id: String(id), content: textOf(content) }],
  };
}

function callOf(id: unknown, name: unknown, json: unknown): WireBlock {
  return { type: "tool_use", id: String(id), name: String(name), input: parse(json) };
}

function parse(json: unknown): unknown {
  try {
    return JSON.parse(String(json));
  } catch {
    // The arguments of an earlier call say nothing to a script.
    return {};
  }
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return (content as Json[]).flatMap((part) => (typeof part.text === "string" ? [part.text] : [])).join("\n");
}

function toolOf(tool: Json): WireTool {
  return {
    name: String(tool.name),
    ...(typeof tool.description === "string" ? { description: tool.description } : {}),
    input_schema: (tool.parameters ?? { type: "object" }) as Json,
  };
}

function choiceOf(choice: unknown): { type: string; name?: string } {
  if (choice === "required") return { type: "any" };
  if (typeof choice !== "object" || choice === null) return { type: choice === "none" ? "none" : "auto" };
  const { name, function: called } = choice as { name?: string; function?: { name?: string } };
  return { type: "tool", name: name ?? called?.name ?? "" };
}
