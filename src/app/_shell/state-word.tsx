"use client";

import { useTranslations } from "next-intl";
import { type AgentState, SIGN_OF } from "#app/_shell/agent-state.ts";
import classes from "#app/_shell/state-word.module.css";
import { useStepWords } from "#app/_shell/step-words.ts";
import { Elapsed } from "#ui/elapsed.tsx";
import { Sign } from "#ui/sign.tsx";

/** "Testing, 0:42", "waiting (place 2)", "needs you": the word alone, without its sign. */
export function StateWord({ state }: { state: AgentState }) {
  const t = useTranslations("state");
  const words = useStepWords();
  if (state.word === "waiting" && state.place) return t("waitingPlace", { place: state.place });
  if (state.word !== "working") return t(state.word);
  return (
    <>
      {state.step ? words.doing(state.step) : t("working")}
      {state.since ? (
        <span className={classes.clock}>
          <Elapsed since={state.since} />
        </span>
      ) : null}
    </>
  );
}

/** The sign and the word, as one thing. */
export function StateMark({ state }: { state: AgentState }) {
  return (
    <span className={classes.mark} data-word={state.word}>
      <Sign shape={SIGN_OF[state.word]} />
      <span>
        <StateWord state={state} />
      </span>
    </span>
  );
}
