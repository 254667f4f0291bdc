import type { AnswerBlock, DemoAnswer } from "#gateway/messages-wire.ts";
import { pieces } from "./pieces.ts";

type Json = Record<string, unknown>;

interface As {
  id: string;
  model: string;
}

/** The demo model's answer as the Responses wire says it. */
export function wholeResponse(as: As, answer: DemoAnswer): Json {
  const cut = answer.stop_reason === "max_tokens";
  return {
    ...begun(as),
    status: cut ? "incomplete" : "completed",
    incomplete_details: cut ? { reason: "max_output_tokens" } : null,
    output: answer.content.map((block, index) => itemOf(as, block, index)),
    usage: usageOf(answer),
  };
}

export function* streamedResponse(as: As, answer: DemoAnswer): Generator<string> {
  let sequence = 0;
  const event = (type: string, fields: Json) => {
    const data = { type, sequence_number: sequence, ...fields };
    sequence += 1;
    return `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
  };
  yield event("response.created", { response: begun(as) });
  yield event("response.in_progress", { response: begun(as) });
  for (const [index, block] of answer.content.entries()) {
    const item = itemOf(as, block, index);
    const at = { output_index: index, item_id: item.id };
    yield event("response.output_item.added", { output_index: index, item: emptied(item) });
    if (block.type === "text") {
      const part = { ...at, content_index: 0 };
      const empty = { type: "output_text", text: "", annotations: [], logprobs: [] };
      yield event("response.content_part.added", { ...part, part: empty });
      for (const delta of pieces(block.text)) {
        yield event("response.output_text.delta", { ...part, delta, logprobs: [] });
      }
      yield event("response.output_text.done", { ...part, text: block.text, logprobs: [] });
      yield event("response.content_part.done", { ...part, part: { ...empty, text: block.text } });
    } else {
      for (const delta of pieces(String(item.arguments))) {
        yield event("response.function_call_arguments.delta", { ...at, delta });
      }
      yield event("response.function_call_arguments.done", {
        ...at,
        name: block.name,
        arguments: item.arguments,
      });
    }
    yield event("response.output_item.done", { output_index: index, item });
  }
  const whole = wholeResponse(as, answer);
  yield event(`response.${whole.status}`, { response: whole });
}

function begun({ id, model }: As): Json {
  return {
    id,
    object: "response",
    created_at: 0,
    status: "in_progress",
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model,
    output: [],
    parallel_tool_calls: false,
    temperature: 1,
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    store: false,
    usage: null,
  };
}

function itemOf({ id }: As, block: AnswerBlock, index: number): Json {
  if (block.type === "tool_use") {
    return {
      type: "function_call",
      id: `fc_${index}_${id}`,
      call_id: block.id,
      name: block.name,
      arguments: JSON.stringify(block.input),
      status: "completed",
    };
  }
  const content = [{ type: "output_text", text: block.text, annotations: [], logprobs: [] }];
  return { type: "message", id: `msg_${index}_${id}`, role: "assistant", status: "completed", content };
}

function emptied(item: Json): Json {
  return {
    ...item,
    status: "in_progress",
    ...(item.type === "message" ? { content: [] } : { arguments: "" }),
  };
}

function usageOf({ usage }: DemoAnswer): Json {
  return {
    input_tokens: usage.input_tokens,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: usage.output_tokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.input_tokens + usage.output_tokens,
  };
}
