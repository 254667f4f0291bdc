import type {
  MessagesRequest,
  ToolChoice,
  WireBlock,
  WireMessage,
  WireTool,
} from "#gateway/messages-wire.ts";

type Json = Record<string, unknown>;

/** A Messages request in the words of Chat Completions. What that wire has no word for is left out. */
export function translateRequest(request: MessagesRequest): Json {
  const { system, tools, tool_choice: choice, stop_sequences: stop } = request;
  const options = request as Json;
  return {
    model: request.model,
    messages: [...systemMessages(system), ...request.messages.flatMap(messagesOf)],
    max_tokens: request.max_tokens,
    ...(tools?.length ? { tools: tools.map(toolOf) } : {}),
    ...(tools?.length && choice ? { tool_choice: choiceOf(choice) } : {}),
    ...(choice?.disable_parallel_tool_use === true ? { parallel_tool_calls: false } : {}),
    ...(stop?.length ? { stop } : {}),
    ...(options.temperature == null ? {} : { temperature: options.temperature }),
    ...(options.top_p == null ? {} : { top_p: options.top_p }),
    ...(request.stream ? { stream: true, stream_options: { include_usage: true } } : {}),
  };
}

function systemMessages(system: MessagesRequest["system"]): Json[] {
  const text = typeof system === "string" ? system : textOf(system ?? []);
  return text === "" ? [] : [{ role: "system", content: text }];
}

function messagesOf(message: WireMessage): Json[] {
  if (typeof message.content === "string") return [{ role: message.role, content: message.content }];
  return message.role === "assistant" ? [assistantMessage(message.content)] : userMessages(message.content);
}

function assistantMessage(blocks: WireBlock[]): Json {
  const text = textOf(blocks);
  const calls = blocks
    .filter((block) => block.type === "tool_use")
    .map(({ id, name, input }) => ({
      id,
      type: "function",
      function: { name, arguments: JSON.stringify(input ?? {}) },
    }));
  return {
    role: "assistant",
    content: text === "" ? null : text,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

/** Results of tools are messages of their own there, and come before what the person says. */
function userMessages(blocks: WireBlock[]): Json[] {
  const results = blocks.filter((block) => block.type === "tool_result");
  const parts = blocks.filter((block) => block.type !== "tool_result").flatMap(partOf);
  const answers = results.map((block) => ({
    role: "tool",
    tool_call_id: block.tool_use_id,
    content: block.is_error ? `Error: ${resultText(block)}` : resultText(block),
  }));
  const pictures = results.flatMap((block) =>
    Array.isArray(block.content) ? block.content.flatMap(imageOf) : [],
  );
  const said = [...pictures, ...parts];
  if (said.length === 0) return answers;
  const onlyText = said.every((part) => part.type === "text");
  return [...answers, { role: "user", content: onlyText ? said.map((part) => part.text).join("\n") : said }];
}

function resultText(block: WireBlock): string {
  if (typeof block.content === "string") return block.content;
  return Array.isArray(block.content) ? textOf(block.content as WireBlock[]) : "";
}

function partOf(block: WireBlock): Json[] {
  if (block.type === "text") return [{ type: "text", text: block.text }];
  return imageOf(block);
}

function imageOf(block: Json): Json[] {
  const source = block.source as
    | { type?: string; media_type?: string; data?: string; text?: string }
    | undefined;
  if (block.type === "image" && source?.type === "base64") {
    return [{ type: "image_url", image_url: { url: `data:${source.media_type};base64,${source.data}` } }];
  }
  // A document that is text can be read by any model.
  if (block.type === "document" && source?.type === "text") return [{ type: "text", text: source.data }];
  return [];
}

function textOf(blocks: readonly WireBlock[]): string {
  return blocks.flatMap((block) => (block.type === "text" ? [block.text ?? ""] : [])).join("\n");
}

function toolOf(tool: WireTool): Json {
  const { name, description, input_schema: parameters } = tool;
  return { type: "function", function: { name, description, parameters: parameters ?? { type: "object" } } };
}

function choiceOf(choice: ToolChoice): unknown {
  if (choice.type === "tool") return { type: "function", function: { name: choice.name } };
  return choice.type === "any" ? "required" : choice.type;
}
