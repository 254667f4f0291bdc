"use client";

import { useTranslations } from "next-intl";
import { useGitHub } from "#app/_data/use-github.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { AccountSection } from "#app/(desk)/github/account-section.tsx";
import { ConnectFirst } from "#app/(desk)/github/connect-first.tsx";
import classes from "#app/(desk)/github/github.module.css";
import { GitHubProblem } from "#app/(desk)/github/github-problem.tsx";
import { NotSetUp } from "#app/(desk)/github/not-set-up.tsx";
import { RepositorySection } from "#app/(desk)/github/repository-section.tsx";
import { Page, PageHeader } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

/** Where versions go: the account, the one repository, and what stands in the way. */
export function GitHubPage({ problem }: { problem: string | null }) {
  const t = useTranslations("github");
  const github = useGitHub();
  const state = github.data;
  const isConnected = state?.account !== null && state?.account !== undefined;
  return (
    <Page>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className={classes.stack}>
        {problem !== null ? <GitHubProblem problem={problem} /> : null}
        {github.isPending ? <ShapeLines count={4} /> : null}
        {github.isLoadingError ? (
          <ProblemState problem={github.error} retry={() => void github.refetch()} />
        ) : null}
        {state && !state.configured ? <NotSetUp missing={state.missing} /> : null}
        {state?.configured && !isConnected ? <ConnectFirst /> : null}
      </div>
      {state?.repository || (state?.configured && isConnected) ? <RepositorySection github={state} /> : null}
      {state && isConnected ? <AccountSection github={state} /> : null}
    </Page>
  );
}
