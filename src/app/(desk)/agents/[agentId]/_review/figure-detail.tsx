"use client";

import { UnstyledButton } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { Run } from "#api/schema/run.ts";
import { useDiff } from "#app/_data/use-runs.ts";
import { useStepWords } from "#app/_shell/step-words.ts";
import { FindingList } from "#app/(desk)/agents/[agentId]/_review/finding-list.tsx";
import classes from "#app/(desk)/agents/[agentId]/_review/review-figures.module.css";
import { useDesk } from "#app/(desk)/agents/[agentId]/desk-state.tsx";
import { LineCounts } from "#app/(desk)/agents/[agentId]/line-counts.tsx";
import type { RunView } from "#runs/ui/run-view.ts";
import { Money } from "#ui/money.tsx";
import { Output } from "#ui/output.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

export type FigureName = "files" | "tests" | "findings" | "cost";

interface FigureDetailProps {
  name: FigureName;
  run: Run;
  view: RunView;
  treeHash: string | null;
}

export function FigureDetail({ name, run, view, treeHash }: FigureDetailProps) {
  if (name === "files") return <Files run={run} treeHash={treeHash} />;
  if (name === "tests") return <Tests view={view} />;
  if (name === "findings") return <FindingList view={view} />;
  return <Cost view={view} />;
}

function Files({ run, treeHash }: { run: Run; treeHash: string | null }) {
  const { show } = useDesk();
  const diff = useDiff(run.id, treeHash);
  if (diff.isPending) return <ShapeLines count={3} />;
  return (
    <ul className={classes.rows}>
      {diff.data?.files.map((file) => (
        <li key={file.path} className={classes.row}>
          <UnstyledButton
            className={classes.path}
            fz="inherit"
            onClick={() => show("changes", { runId: run.id, path: file.path })}
          >
            {file.path}
          </UnstyledButton>
          <LineCounts additions={file.additions} deletions={file.deletions} />
        </li>
      ))}
    </ul>
  );
}

function Tests({ view }: { view: RunView }) {
  const t = useTranslations("review");
  const last = view.steps.findLast(({ entries }) => entries.some(({ kind }) => kind === "output"));
  const output = last?.entries.map((entry) => (entry.kind === "output" ? entry.text : "")).join("") ?? "";
  if (output.trim() === "") return <p className={classes.none}>{t("noOutput")}</p>;
  return <Output label={t("figure.tests")}>{output}</Output>;
}

function Cost({ view }: { view: RunView }) {
  const words = useStepWords();
  return (
    <ul className={classes.rows}>
      {view.steps
        .filter(({ costMicroUsd }) => costMicroUsd > 0)
        .map((step) => (
          <li key={step.key} className={classes.row}>
            <span>{words.line(step)}</span>
            <Money microUsd={step.costMicroUsd} />
          </li>
        ))}
    </ul>
  );
}
