"use client";

import { useHotkeys } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import type { Agent } from "#api/schema/agent.ts";
import { useOutbox } from "#app/_data/use-outbox.ts";
import { useCancelRun, useMessages, useRuns } from "#app/_data/use-runs.ts";
import { isInFlight } from "#app/_shell/agent-state.ts";
import { ModelNote } from "#app/_shell/model-note.tsx";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { Composer } from "#app/(desk)/agents/[agentId]/_conversation/composer.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/conversation.module.css";
import { OutgoingMessage } from "#app/(desk)/agents/[agentId]/_conversation/outgoing-message.tsx";
import { StopOffer } from "#app/(desk)/agents/[agentId]/_conversation/stop-offer.tsx";
import { tellConversation } from "#app/(desk)/agents/[agentId]/_conversation/tell-conversation.ts";
import { Turn } from "#app/(desk)/agents/[agentId]/_conversation/turn.tsx";
import { useDraft } from "#app/(desk)/agents/[agentId]/_conversation/use-draft.ts";
import { useStayAtEnd } from "#app/(desk)/agents/[agentId]/_conversation/use-stay-at-end.ts";
import { Welcome } from "#app/(desk)/agents/[agentId]/_conversation/welcome.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

export function Conversation({ agent }: { agent: Agent }) {
  const t = useTranslations("composer");
  const messages = useMessages(agent.id);
  const runs = useRuns(agent.id);
  const { items, outbox } = useOutbox(agent.id);
  const { draft, write } = useDraft(agent.id);
  const cancel = useCancelRun(agent.id);
  const [offering, setOffering] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);

  const turns = tellConversation(messages.data ?? [], runs.data ?? []);
  const current = runs.data?.find(({ status }) => isInFlight(status)) ?? null;
  const reviewed = runs.data?.find(({ status }) => status === "awaiting_review") ?? null;
  const { scroller, content, follow } = useStayAtEnd();

  const send = (text = draft.text, key = draft.key) => {
    outbox.send(key, text);
    write("");
    follow();
  };
  const offerStop = () => current && setOffering(true);
  useHotkeys([["Escape", offerStop]]);

  const loading = messages.isPending || runs.isPending;
  const problem = messages.error ?? runs.error;
  const empty = !loading && !problem && turns.length === 0 && items.length === 0;
  return (
    <>
      <div className={classes.scroller} ref={scroller}>
        <div className={classes.column} ref={content}>
          {loading ? <ShapeLines count={5} /> : null}
          {problem ? <ProblemState problem={problem} retry={() => void messages.refetch()} /> : null}
          {empty ? <Welcome onPick={(text) => send(text, crypto.randomUUID())} /> : null}
          {turns.map((turn) => (
            <Turn
              key={turn.key}
              agent={agent}
              turn={turn}
              onStop={offerStop}
              onRetry={(text) => send(text, crypto.randomUUID())}
              onEdit={(text) => {
                write(text);
                input.current?.focus();
              }}
            />
          ))}
          {items.map((item) => (
            <OutgoingMessage
              key={item.key}
              item={item}
              onAgain={() => outbox.again(item.key)}
              onTakeBack={() => {
                outbox.drop(item.key);
                write(item.text);
              }}
            />
          ))}
        </div>
      </div>
      <div className={classes.foot}>
        <div className={classes.column}>
          {offering && current ? (
            <StopOffer
              onStop={() => {
                cancel.mutate(current.id);
                setOffering(false);
              }}
              onKeep={() => setOffering(false)}
            />
          ) : null}
          {cancel.error ? <ProblemState problem={cancel.error} /> : null}
          <Composer
            inputRef={input}
            text={draft.text}
            onChange={write}
            onSend={() => send()}
            onEscape={offerStop}
            placeholder={
              reviewed ? t("whileReview") : current ? t("whileRun") : t("placeholder", { name: agent.name })
            }
            note={<ModelNote model={runs.data?.[0]?.model ?? agent.model} />}
          />
        </div>
      </div>
    </>
  );
}
