"use client";

import { useTranslations } from "next-intl";
import { useGitHubApp } from "#app/_data/use-github.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/github/github.module.css";
import { GitHubProblem } from "#app/(desk)/github/github-problem.tsx";
import { AppState } from "#app/(desk)/github/setup/app-state.tsx";
import { MakeAppForm } from "#app/(desk)/github/setup/make-app-form.tsx";
import { Page, PageHeader, Section } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

const RIGHTS = ["contents", "pulls", "checks", "metadata"] as const;

/** For the operator: the App that this installation speaks to GitHub as. */
export function SetupPage({ problem }: { problem: string | null }) {
  const t = useTranslations("github.setup");
  const app = useGitHubApp();
  return (
    <Page>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className={classes.stack}>
        {problem !== null ? <GitHubProblem problem={problem} /> : null}
        {app.isPending ? <ShapeLines count={4} /> : null}
        {app.isLoadingError ? <ProblemState problem={app.error} retry={() => void app.refetch()} /> : null}
        {app.data ? <AppState state={app.data} /> : null}
      </div>
      {app.data && app.data.source !== "environment" ? (
        <Section title={app.data.source === "made" ? t("anew") : t("make")}>
          <MakeAppForm again={app.data.source === "made"} />
        </Section>
      ) : null}
      <Section title={t("rights")}>
        <dl className={classes.rights}>
          {RIGHTS.map((right) => (
            <div key={right} style={{ display: "contents" }}>
              <dt>{t(`right.${right}.name`)}</dt>
              <dd>{t(`right.${right}.why`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </Page>
  );
}
