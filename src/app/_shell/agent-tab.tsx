"use client";

import Link from "next/link";
import type { Agent } from "#api/schema/agent.ts";
import { SIGN_OF } from "#app/_shell/agent-state.ts";
import classes from "#app/_shell/rail.module.css";
import { StateWord } from "#app/_shell/state-word.tsx";
import { useAgentState } from "#app/_shell/use-agent-state.ts";
import { Keys } from "#ui/keys.tsx";
import { Sign } from "#ui/sign.tsx";

/** Beyond the ninth there is no key. */
const KEYED = 9;

export function AgentTab({ agent, place, current }: { agent: Agent; place: number; current: boolean }) {
  const state = useAgentState(agent);
  return (
    <Link
      href={`/agents/${agent.id}`}
      className={classes.tab}
      aria-current={current ? "page" : undefined}
      data-word={state.word}
    >
      <Sign shape={SIGN_OF[state.word]} />
      <span className={classes.tabName} title={agent.name}>
        {agent.name}
      </span>
      {place <= KEYED ? (
        <span className={classes.tabKey} aria-hidden="true">
          <Keys combo={`mod+${place}`} />
        </span>
      ) : null}
      <span className={classes.tabState}>
        <StateWord state={state} />
      </span>
    </Link>
  );
}
