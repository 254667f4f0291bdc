"use client";

import { useTranslations } from "next-intl";
import type { Workspace } from "#api/schema/workspace.ts";
import { useWorkspace } from "#app/_data/use-workspace.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { WorkspaceGauges } from "#app/_shell/workspace-gauges.tsx";
import { readLimit } from "#app/(desk)/workspace/limit-words.ts";
import { Network } from "#app/(desk)/workspace/network.tsx";
import classes from "#app/(desk)/workspace/workspace.module.css";
import { WorkspaceSwitches } from "#app/(desk)/workspace/workspace-switches.tsx";
import { WorkspaceWarnings } from "#app/(desk)/workspace/workspace-warnings.tsx";
import { WorkspaceWipe } from "#app/(desk)/workspace/workspace-wipe.tsx";
import { Page, PageHeader, Section } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";
import { Sign, type SignShape } from "#ui/sign.tsx";

const SHAPES: Record<Workspace["state"], SignShape> = {
  absent: "open",
  starting: "moving",
  running: "done",
  paused: "stopped",
  stopped: "stopped",
  failed: "broken",
};

/** The one workspace that all of a person's agents work in. */
export function WorkspacePage() {
  const t = useTranslations("workspace");
  const workspace = useWorkspace();
  return (
    <Page>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={workspace.data ? <WorkspaceSwitches workspace={workspace.data} /> : null}
      />
      {workspace.isPending ? <ShapeLines count={6} /> : null}
      {workspace.error ? (
        <ProblemState
          problem={workspace.error}
          retry={() => void workspace.refetch()}
          meaning={t("problemMeaning")}
        />
      ) : null}
      {workspace.data ? <Facts workspace={workspace.data} /> : null}
      <Network />
      {workspace.data && workspace.data.state !== "absent" ? <WorkspaceWipe /> : null}
    </Page>
  );
}

function Facts({ workspace }: { workspace: Workspace }) {
  const t = useTranslations("workspace");
  const state = useTranslations("workspaceState");
  const languages = Object.entries(workspace.languages);
  const { enforced, notEnforced } = workspace.limits;
  return (
    <>
      <p className={classes.state} role="status">
        <Sign shape={SHAPES[workspace.state]} size={16} />
        <span className={classes.word}>{state(workspace.state)}</span>
        {workspace.driver ? (
          <span className={classes.driver}>{t("driver", { name: workspace.driver })}</span>
        ) : null}
      </p>
      <p className={classes.means}>{t(`means.${workspace.state}`)}</p>
      {workspace.error ? <p className={classes.error}>{workspace.error}</p> : null}
      <WorkspaceWarnings workspace={workspace} />
      {workspace.gauges ? (
        <Section title={t("gauges")}>
          <div className={classes.gauges}>
            <WorkspaceGauges gauges={workspace.gauges} />
          </div>
        </Section>
      ) : null}
      {languages.length > 0 ? (
        <Section title={t("languages")}>
          <ul className={classes.languages}>
            {languages.map(([name, version]) => (
              <li key={name}>
                {name} <code>{version}</code>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {enforced.length > 0 || notEnforced.length > 0 ? (
        <Section title={t("limits")}>
          <div className={classes.limits}>
            <Limits title={t("enforced")} shape="done" items={enforced} />
            <Limits title={t("notEnforced")} shape="asking" items={notEnforced} none={t("allEnforced")} />
          </div>
        </Section>
      ) : null}
    </>
  );
}

interface LimitsProps {
  title: string;
  shape: SignShape;
  items: string[];
  none?: string;
}

function LimitWords({ sentence }: { sentence: string }) {
  const t = useTranslations("workspace.limit");
  const limit = readLimit(sentence);
  if (!limit) return <span lang="en">{sentence}</span>;
  return <span>{"values" in limit ? t(limit.name, limit.values as never) : t(limit.name)}</span>;
}

function Limits({ title, shape, items, none }: LimitsProps) {
  return (
    <div>
      <h3 className={classes.limitsTitle}>{title}</h3>
      {items.length === 0 && none ? <p className={classes.none}>{none}</p> : null}
      <ul className={classes.list}>
        {items.map((item) => (
          <li key={item}>
            <Sign shape={shape} />
            <LimitWords sentence={item} />
          </li>
        ))}
      </ul>
    </div>
  );
}
