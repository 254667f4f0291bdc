"use client";

import { useTranslations } from "next-intl";
import { ErrorState } from "#ui/error-state.tsx";

const KNOWN = ["code", "rate-limited", "local-disabled"] as const;

/** Why the last try did not get in, and what to do about it. */
export function SignInProblem({ error }: { error: string }) {
  const t = useTranslations("signIn.problem");
  const known = KNOWN.find((name) => name === error) ?? "other";
  return <ErrorState title={t(`${known}.title`)}>{t(`${known}.text`)}</ErrorState>;
}
