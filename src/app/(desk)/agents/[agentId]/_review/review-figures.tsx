"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Run } from "#api/schema/run.ts";
import { useDiff } from "#app/_data/use-runs.ts";
import { FigureDetail, type FigureName } from "#app/(desk)/agents/[agentId]/_review/figure-detail.tsx";
import classes from "#app/(desk)/agents/[agentId]/_review/review-figures.module.css";
import type { ReviewView, RunView } from "#runs/ui/run-view.ts";
import { Figure } from "#ui/figure.tsx";
import { Money } from "#ui/money.tsx";

/** Files, tests, findings, cost: each opens what is behind it. */
export function ReviewFigures({ run, view, review }: { run: Run; view: RunView; review: ReviewView }) {
  const t = useTranslations("review");
  const [open, setOpen] = useState<FigureName | null>(null);
  const detailId = useId();
  // A round counts what it wrote itself; what is approved is all that differs from the version before.
  const diff = useDiff(run.id, review.treeHash).data;
  const { figures } = review;
  if (!figures) return null;
  const tests = figures.testsPassed + figures.testsFailed;
  const values = {
    files: diff?.files.length ?? figures.files,
    tests:
      figures.testsFailed > 0
        ? t("testsFailed", { failed: figures.testsFailed, all: tests })
        : t("testsPassed", { passed: figures.testsPassed }),
    findings: figures.findings,
    cost: <Money microUsd={figures.costMicroUsd} />,
  };
  return (
    <div>
      <div className={classes.figures}>
        {(["files", "tests", "findings", "cost"] as const).map((name) => (
          <Figure
            key={name}
            label={t(`figure.${name}`)}
            value={values[name]}
            expanded={open === name}
            onOpen={() => setOpen(open === name ? null : name)}
          />
        ))}
      </div>
      {open ? (
        <div className={classes.detail} id={detailId}>
          <FigureDetail name={open} run={run} view={view} treeHash={review.treeHash} />
        </div>
      ) : null}
    </div>
  );
}
