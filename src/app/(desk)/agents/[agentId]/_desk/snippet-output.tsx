"use client";

import { useTranslations } from "next-intl";
import type { SnippetResult } from "#api/schema/workspace.ts";
import classes from "#app/(desk)/agents/[agentId]/_desk/snippet-panel.module.css";
import { Duration } from "#ui/duration.tsx";
import { Output } from "#ui/output.tsx";
import { Sign } from "#ui/sign.tsx";

export function SnippetOutput({ result }: { result: SnippetResult }) {
  const t = useTranslations("snippet");
  const well = result.exitCode === 0;
  const why = result.timedOut
    ? t("timedOut")
    : result.outOfMemory
      ? t("outOfMemory")
      : result.exitCode === null
        ? t("killed")
        : t("exit", { code: result.exitCode });
  return (
    <div data-testid="snippet-output">
      <Output label={t("output")}>
        {result.stdout}
        {result.stderr ? <span className={classes.stderr}>{result.stderr}</span> : null}
        {result.stdout === "" && result.stderr === "" ? (
          <span className={classes.silent}>{t("silent")}</span>
        ) : null}
      </Output>
      <p className={classes.facts}>
        <Sign shape={well ? "done" : "broken"} size={12} /> {why} · <Duration ms={result.durationMs} />
        {result.truncated ? ` · ${t("truncated")}` : null}
      </p>
    </div>
  );
}
