"use client";

import { useTranslations } from "next-intl";
import type { Run } from "#api/schema/run.ts";
import { SIGN_OF, stateOfStatus } from "#app/_shell/agent-state.ts";
import { ModelNote } from "#app/_shell/model-note.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/timeline.module.css";
import type { RunView } from "#runs/ui/run-view.ts";
import { workedTime } from "#runs/ui/worked-time.ts";
import { Duration } from "#ui/duration.tsx";
import { Money } from "#ui/money.tsx";
import { Sign } from "#ui/sign.tsx";

/** How the run stands, and its sums. */
export function TimelineEnd({ run, view }: { run: Run; view: RunView }) {
  const t = useTranslations("state");
  const status = view.status ?? run.status;
  const word = stateOfStatus(status);
  const worked = workedTime(view.steps);
  return (
    <div className={classes.end}>
      {word === "working" ? null : (
        <>
          <Sign shape={SIGN_OF[word]} />
          <span>{t(word)}</span>
        </>
      )}
      <span>
        <ModelNote model={run.model} />
      </span>
      <span className={classes.total}>
        {worked > 0 ? <Duration ms={worked} /> : null}
        <Money microUsd={Math.max(view.costMicroUsd, run.costMicroUsd)} />
      </span>
      {run.error ? <p className={classes.reason}>{run.error.detail}</p> : null}
    </div>
  );
}
