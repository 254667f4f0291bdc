import type { Message } from "#api/schema/message.ts";
import type { Run } from "#api/schema/run.ts";

/** What was said about one piece of work, and the run that did it. */
export interface TurnView {
  key: string;
  messages: Message[];
  /** null for words that started nothing */
  run: Run | null;
}

/** A conversation as turns, oldest first: each run stands after the messages that belong to it. */
export function tellConversation(messages: readonly Message[], runs: readonly Run[]): TurnView[] {
  const turns = new Map<string, TurnView>();
  for (const run of [...runs].sort((one, other) => one.createdAt.localeCompare(other.createdAt))) {
    turns.set(run.id, { key: run.id, messages: [], run });
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
