"use client";

import { Button } from "@mantine/core";
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
import { ImportNote } from "#app/(desk)/agents/[agentId]/_conversation/import-offer.tsx";
import { OutgoingMessage } from "#app/(desk)/agents/[agentId]/_conversation/outgoing-message.tsx";
import { StopOffer } from "#app/(desk)/agents/[agentId]/_conversation/stop-offer.tsx";
import { tellConversation } from "#app/(desk)/agents/[agentId]/_conversation/tell-conversation.ts";
import { Turn } from "#app/(desk)/agents/[agentId]/_conversation/turn.tsx";
import { useDraft } from "#app/(desk)/agents/[agentId]/_conversation/use-draft.ts";
import { useStayAtEnd } from "#app/(desk)/agents/[agentId]/_conversation/use-stay-at-end.ts";
import { Welcome } from "#app/(desk)/agents/[agentId]/_conversation/welcome.tsx";
import { OpenReview } from "#app/(desk)/agents/[agentId]/_review/open-review.tsx";
import type { RunStatus } from "#events/vocabulary.ts";
import { ShapeLines } from "#ui/shapes.tsx";

export function Conversation({ agent }: { agent: Agent }) {
  const t = useTranslations("composer");
  const messages = useMessages(agent.id);
  const runs = useRuns(agent.id);
  const { items, outbox } = useOutbox(agent.id);
  const { draft, write } = useDraft(agent.id);
  const cancel = useCancelRun(agent.id);
  const [stopping, setStopping] = useState<string | null>(null);
  const input = useRef<HTMLTextAreaElement>(null);

  const turns = tellConversation(messages.data ?? [], runs.data ?? []);
  const ofStatus = (wanted: RunStatus) => runs.data?.find(({ status }) => status === wanted) ?? null;
  const current = ofStatus("running") ?? ofStatus("queued");
  const reviewed = ofStatus("awaiting_review");
  const toStop = runs.data?.find(({ id, status }) => id === stopping && isInFlight(status));
  // A run that is on may have begun to wait for its person a moment ago: its events say so first.
  const active = reviewed ?? ofStatus("running");

  const loading = messages.isPending || runs.isPending;
  const problem = [messages, runs].find(({ isLoadingError }) => isLoadingError)?.error;
  const empty = !loading && !problem && turns.length === 0 && items.length === 0;
  const { scroller, content, follow } = useStayAtEnd(empty);

  const send = (text = draft.text, key = draft.key) => {
    outbox.send(key, text);
    write("");
    follow();
  };
  const offerStop = () => setStopping(current?.id ?? null);
  useHotkeys([["Escape", offerStop]]);

  return (
    <>
      <div className={classes.scroller} ref={scroller}>
        <div className={classes.column} ref={content}>
          {loading && items.length === 0 ? <ShapeLines count={5} /> : null}
          {problem ? <ProblemState problem={problem} retry={() => void messages.refetch()} /> : null}
          {messages.hasNextPage ? (
            <Button
              className={classes.earlier}
              size="xs"
              variant="default"
              loading={messages.isFetchingNextPage}
              onClick={() => void messages.fetchNextPage()}
            >
              {t("earlier")}
            </Button>
          ) : null}
          {empty ? <Welcome agentId={agent.id} onPick={(text) => send(text, crypto.randomUUID())} /> : null}
          {loading || empty || messages.hasNextPage ? null : <ImportNote agentId={agent.id} />}
          {turns.map((turn) => (
            <Turn
              key={turn.key}
              agent={agent}
              turn={turn}
              onStop={setStopping}
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
          {active ? <OpenReview key={active.id} agent={agent} run={active} /> : null}
        </div>
      </div>
      <div className={classes.foot}>
        <div className={classes.column}>
          {toStop ? (
            <StopOffer
              onStop={() => {
                cancel.mutate(toStop.id);
                setStopping(null);
              }}
              onKeep={() => setStopping(null)}
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
