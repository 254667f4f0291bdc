"use client";

import { UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import { readStepKey } from "#app/_shell/step-words.ts";
import classes from "#app/(desk)/agents/[agentId]/_desk/step-entries.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { LineCounts } from "#app/(desk)/agents/[agentId]/line-counts.tsx";
import type { StepEntry, StepView } from "#runs/ui/run-view.ts";
import { Prose } from "#ui/markdown.tsx";
import { Output } from "#ui/output.tsx";
import { Sign, type SignShape } from "#ui/sign.tsx";

/** Everything a step said, in the order it was said. */
export function StepEntries({ step }: { step: StepView }) {
  const t = useTranslations("timeline");
  if (step.entries.length === 0) return <p className={classes.none}>{t("nothingSaid")}</p>;
  const code = readStepKey(step.key).kind === "write";
  return step.entries.map((entry) => (
    <Entry key={entry.seq} entry={entry} code={code} growing={step.status === "running"} />
  ));
}

function Entry({ entry, code, growing }: { entry: StepEntry; code: boolean; growing: boolean }) {
  const t = useTranslations("timeline");
  switch (entry.kind) {
    case "output":
      return (
        <Output label={t("output")} follows={growing}>
          {entry.text}
        </Output>
      );
    case "words":
      return code ? <Output label={t("output")}>{entry.text}</Output> : <Prose text={entry.text} />;
    case "thought":
      return <p className={classes.thought}>{entry.text}</p>;
    case "file":
      return <FileLine entry={entry} />;
    case "finding":
      return <Line shape={entry.severity === "error" ? "broken" : "asking"} text={entry.message} />;
    case "notice":
      return (
        <Line
          shape={entry.level === "error" ? "broken" : entry.level === "warning" ? "asking" : "open"}
          text={entry.text}
        />
      );
    case "tool":
      return <Tool entry={entry} />;
  }
}

function FileLine({ entry }: { entry: Extract<StepEntry, { kind: "file" }> }) {
  const t = useTranslations("timeline");
  const { show } = useDesk();
  return (
    <div className={classes.file}>
      <UnstyledButton
        className={classes.path}
        disabled={entry.change === "deleted"}
        onClick={() => show("files", { path: entry.path })}
      >
        {entry.path}
      </UnstyledButton>
      <span className={classes.change}>{t(`change.${entry.change}`)}</span>
      <LineCounts additions={entry.additions} deletions={entry.deletions} />
    </div>
  );
}

function Line({ shape, text }: { shape: SignShape; text: string }) {
  return (
    <p className={classes.line}>
      <Sign shape={shape} /> {text}
    </p>
  );
}

const TOOL_SHAPES: Record<Extract<StepEntry, { kind: "tool" }>["status"], SignShape> = {
  pending: "queued",
  in_progress: "moving",
  completed: "done",
  failed: "broken",
};

function Tool({ entry }: { entry: Extract<StepEntry, { kind: "tool" }> }) {
  const t = useTranslations("timeline");
  return (
    <div>
      <Line shape={TOOL_SHAPES[entry.status]} text={entry.title} />
      {entry.text ? <Output label={t("output")}>{entry.text}</Output> : null}
    </div>
  );
}
