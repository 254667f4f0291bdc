"use client";

import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_review/review-figures.module.css";
import { lastFindings } from "#runs/ui/last-findings.ts";
import type { FindingView, RunView } from "#runs/ui/run-view.ts";
import { Sign, type SignShape } from "#ui/sign.tsx";

const SHAPES: Record<FindingView["severity"], SignShape> = {
  error: "broken",
  warning: "asking",
  info: "open",
};

/** What the last check found, the worst first, and what it could not look at. */
export function FindingList({ view }: { view: RunView }) {
  const t = useTranslations("review");
  const findings = lastFindings(view);
  if (findings.length === 0) return <p className={classes.none}>{t("noFindings")}</p>;
  return (
    <ul className={classes.rows}>
      {findings.map((finding, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two findings may say the same
        <li key={index} className={classes.finding}>
          <Sign shape={SHAPES[finding.severity]} label={t(`severity.${finding.severity}`)} />
          <span>{finding.message}</span>
          <code>{placeOf(finding)}</code>
        </li>
      ))}
    </ul>
  );
}

/** Where it is; of what has no place, who says it. */
function placeOf({ path, line, tool }: FindingView): string {
  if (path === null) return tool;
  return line === null ? path : `${path}:${line}`;
}
