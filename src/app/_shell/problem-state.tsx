"use client";

import { useTranslations } from "next-intl";
import { ApiProblem } from "#app/_data/call-api.ts";
import { ErrorState } from "#ui/error-state.tsx";

interface ProblemStateProps {
  problem: unknown;
  retry?: () => void;
  /** what it means for the work; by default that nothing is lost */
  meaning?: string;
}

/** What happened, what it means for the work, what to do, and the request's id in small. */
export function ProblemState({ problem, retry, meaning }: ProblemStateProps) {
  const t = useTranslations("problem");
  const known = problem instanceof ApiProblem ? problem : null;
  const code = known?.code ?? "internal";
  return (
    <ErrorState
      title={t(`${code}.title`)}
      {...(retry ? { retry: { label: t("retry"), onClick: retry } } : {})}
      reference={known?.requestId ? t("reference", { id: known.requestId }) : undefined}
    >
      {known?.message ? <p lang="en">{known.message}</p> : null}
      <p>{meaning ?? t(`${code}.meaning`)}</p>
    </ErrorState>
  );
}
