import type Anthropic from "@anthropic-ai/sdk";
import { orderFiles } from "#engines/builder/order-files.ts";
import { FILES_AT_ONCE } from "#engines/builder/tunables.ts";

/**
 * Where a request is marked for the provider's cache. Writing to it costs a quarter more than plain input and reading
 * from it a tenth (https://platform.claude.com/docs/en/build-with-claude/prompt-caching), so a mark pays where a later
 * request begins with the same words, and costs where none does.
 */
const MARK = { cache_control: { type: "ephemeral" } } as const;

/** characters; providers keep nothing shorter than about a thousand tokens */
const SHORTEST_THAT_PAYS = 4_000;

/**
 * Whether the request for this file marks what all files' requests share. Of those that begin together only the first
 * does: none of them finds what another is about to write, so each would pay for writing it. All later ones read it.
 */
export function marksShared(
  files: { path: string; dependsOn: string[] }[],
  path: string,
  shared: string,
): boolean {
  if (shared.length < SHORTEST_THAT_PAYS) return false;
  const together = (orderFiles(files)?.[0] ?? []).slice(0, FILES_AT_ONCE).map((file) => file.path);
  if (files.length <= together.length) return false;
  return path === together[0] || !together.includes(path);
}

/** Two blocks, the first of them kept. */
export function sharedAndOwn(shared: string, own: string): Anthropic.TextBlockParam[] {
  return [
    { type: "text", text: shared, ...MARK },
    { type: "text", text: own },
  ];
}

/** The conversation with a mark at its end, where it is long enough. */
export function markEnd(messages: Anthropic.MessageParam[]): Anthropic.MessageParam[] {
  const last = messages.at(-1);
  if (last?.role !== "user" || JSON.stringify(messages).length < SHORTEST_THAT_PAYS) return messages;
  const blocks =
    typeof last.content === "string" ? [{ type: "text" as const, text: last.content }] : last.content;
  const end = blocks.at(-1);
  if (end?.type !== "text") return messages;
  return [...messages.slice(0, -1), { role: "user", content: [...blocks.slice(0, -1), { ...end, ...MARK }] }];
}
