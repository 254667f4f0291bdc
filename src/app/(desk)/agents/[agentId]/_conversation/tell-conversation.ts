import type { Message } from "#api/schema/message.ts";
import type { Run } from "#api/schema/run.ts";

/** What was said about one piece of work, and the run that did it. */
export interface TurnView {
  key: string;
  messages: Message[];
  /** null for words that started nothing */
  run: Run | null;
}

/**
 * A conversation as turns, oldest first: each run stands after the messages that belong to it. A run older than the
 * messages that are there belongs to a page that nobody has asked for yet.
 */
export function tellConversation(messages: readonly Message[], runs: readonly Run[]): TurnView[] {
  const turns = new Map<string, TurnView>();
  const told = new Set(messages.map(({ runId }) => runId));
  const since = messages[0]?.createdAt ?? "";
  for (const run of runs) {
    if (told.has(run.id) || run.createdAt >= since) turns.set(run.id, { key: run.id, messages: [], run });
  }
  for (const message of messages) {
    const key = message.runId ?? message.id;
    const turn = turns.get(key) ?? { key, messages: [], run: null };
    turn.messages.push(message);
    turns.set(key, turn);
  }
  const begun = ({ messages: [first], run }: TurnView) => first?.createdAt ?? run?.createdAt ?? "";
  return [...turns.values()].sort((one, other) => begun(one).localeCompare(begun(other)));
}
