"use client";

import { UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef, useState } from "react";
import { useStepWords } from "#app/_shell/step-words.ts";
import { StepEntries } from "#app/(desk)/agents/[agentId]/_desk/step-entries.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/timeline.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { outcomeOf, type StepOutcome, type StepView } from "#runs/ui/run-view.ts";
import { Duration } from "#ui/duration.tsx";
import { Elapsed } from "#ui/elapsed.tsx";
import { Money } from "#ui/money.tsx";
import { Sign, type SignShape } from "#ui/sign.tsx";

const SHAPES: Record<StepOutcome, SignShape> = {
  running: "moving",
  done: "done",
  found: "broken",
  failed: "broken",
};

/** One line: sign, what, how long, what it cost. It opens to what the step said. */
export function TimelineStep({ step }: { step: StepView }) {
  const t = useTranslations("timeline");
  const words = useStepWords();
  const { stepKey } = useDesk();
  const [open, setOpen] = useState(false);
  const row = useRef<HTMLDivElement>(null);
  const detailId = useId();
  useEffect(() => {
    if (stepKey !== step.key) return;
    setOpen(true);
    row.current?.scrollIntoView({ block: "nearest" });
  }, [stepKey, step.key]);

  const outcome = outcomeOf(step);
  const running = step.status === "running";
  return (
    <div className={classes.step} data-status={step.status} ref={row}>
      <UnstyledButton
        className={classes.line}
        onClick={() => setOpen(!open)}
        aria-expanded={open}
        aria-controls={detailId}
      >
        <Sign shape={SHAPES[outcome]} label={t(outcome)} />
        <span className={classes.what}>
          {words.line(step)}
          {step.attempt > 1 ? (
            <span className={classes.attempt}>{t("attempt", { count: step.attempt })}</span>
          ) : null}
        </span>
        <span className={classes.took}>
          {running ? <Elapsed since={step.startedAt} /> : <Duration ms={step.durationMs ?? 0} />}
        </span>
        <span className={classes.cost}>
          {step.costMicroUsd > 0 ? <Money microUsd={step.costMicroUsd} /> : null}
        </span>
      </UnstyledButton>
      {running && !open ? <Tail step={step} /> : null}
      <div id={detailId} hidden={!open}>
        {open ? (
          <div className={classes.open}>
            {step.detail ? <p className={classes.detail}>{step.detail}</p> : null}
            <StepEntries step={step} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** The last line that the running step said. */
function Tail({ step }: { step: StepView }) {
  const last = step.entries.at(-1);
  if (!last || !("text" in last)) return null;
  const line = last.text.trimEnd().split("\n").at(-1)?.trim();
  return line ? <span className={classes.tail}>{line}</span> : null;
}
