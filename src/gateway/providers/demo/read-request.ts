import type { MessagesRequest, WireBlock, WireMessage } from "#gateway/messages-wire.ts";

/** The text of a message or a system prompt, text blocks only. */
export function textOf(content: WireMessage["content"] | MessagesRequest["system"]): string {
  if (!content) return "";
  if (typeof content === "string") return content;
  return content.flatMap((block) => (block.type === "text" ? [block.text ?? ""] : [])).join("\n");
}

const REMINDER = { start: "<system-reminder>", end: "</system-reminder>" };

/** What the person wrote in a message, without what an agent CLI adds for the model. */
export function spokenText(message: WireMessage): string {
  let text = textOf(message.content);
  for (let start = text.indexOf(REMINDER.start); start >= 0; start = text.indexOf(REMINDER.start, start)) {
    const end = text.indexOf(REMINDER.end, start);
    if (end < 0) break;
    text = text.slice(0, start) + text.slice(end + REMINDER.end.length);
  }
  return text.trim();
}

export function blocksOf(message: WireMessage): WireBlock[] {
  return typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
}

/** One tagged part of a builder's prompt. */
export interface Part {
  tag: string;
  attributes: Record<string, string>;
  content: string;
}

/**
 * The tagged parts of a builder's prompt, in order. A part is read to its end before the next one is looked for, so
 * that tags in a user's text or in a file open nothing.
 */
export function readParts(prompt: string): Part[] {
  const parts: Part[] = [];
  const opening = /(?:^|\n)<([a-z_]+)((?: [a-z]+="[^"\n]*")*)>/g;
  for (let match = opening.exec(prompt); match; match = opening.exec(prompt)) {
    const tag = match[1] as string;
    const start = match.index + match[0].length;
    const end = prompt.indexOf(`</${tag}>`, start);
    if (end < 0) continue;
    // The writer of the prompt marks an end tag inside the content with a backslash.
    const content = prompt.slice(start, end).replaceAll(`<\\/${tag}>`, `</${tag}>`);
    parts.push({
      tag,
      attributes: readAttributes(match[2] ?? ""),
      content: content.replace(/^\n|\n$/g, ""),
    });
    opening.lastIndex = end + tag.length + 3;
  }
  return parts;
}

function readAttributes(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/ ([a-z]+)="([^"\n]*)"/g)].map(([, name = "", value = ""]) => [
    name,
    value.replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&"),
  ]);
  return Object.fromEntries(pairs);
}

/** The builder's prompt: the first message, since later ones only object to an answer. */
export function promptParts(request: MessagesRequest): Part[] {
  const first = request.messages.find((message) => message.role === "user");
  return first ? readParts(textOf(first.content)) : [];
}

export function contentsOf(parts: Part[], tag: string): string[] {
  return parts.filter((part) => part.tag === tag).map((part) => part.content);
}

/** Characters of a person's text that the script looks at: its patterns would take long on a whole book. */
const LOOKED_AT = 2_000;

/** The opening of a text, as far as the script reads it. */
export function openingOf(text: string): string {
  return text.slice(0, LOOKED_AT).toWellFormed();
}

/** What the person asked for, all messages together. */
export function wishOf(parts: Part[]): string {
  return openingOf(contentsOf(parts, "request").join("\n"));
}

/** The test strategy of a plan in JSON, where the demo model leaves its stamp; empty when the text is no plan. */
export function strategyOf(plan: string): string {
  try {
    const { testStrategy } = JSON.parse(plan) as { testStrategy?: unknown };
    return typeof testStrategy === "string" ? testStrategy : "";
  } catch {
    // Not JSON, or null: another model's prompt; the design is chosen anew then.
    return "";
  }
}
