"use client";

import { useTranslations } from "next-intl";
import { ErrorState } from "#ui/error-state.tsx";

const KNOWN = [
  "state",
  "code",
  "installation",
  "denied",
  "requested",
  "client",
  "forbidden",
  "unavailable",
  "upstream_failed",
  "conflict",
] as const;

/** Why the way to GitHub and back led to nothing, and what to do about it. */
export function GitHubProblem({ problem }: { problem: string }) {
  const t = useTranslations("github.problem");
  const known = KNOWN.find((name) => name === problem) ?? "other";
  return <ErrorState title={t(`${known}.title`)}>{t(`${known}.text`)}</ErrorState>;
}
