"use client";

import { useTranslations } from "next-intl";
import { useWorkspace } from "#app/_data/use-workspace.ts";
import { WorkspaceGauges } from "#app/_shell/workspace-gauges.tsx";
import { Card } from "#app/(desk)/_dashboard/card.tsx";
import classes from "#app/(desk)/_dashboard/dashboard.module.css";
import { ShapeLines } from "#ui/shapes.tsx";

export function WorkspaceCard() {
  const t = useTranslations("dashboard");
  const state = useTranslations("workspaceState");
  const workspace = useWorkspace();
  return (
    <Card
      title={t("workspace")}
      {...(workspace.data ? { link: { href: "/workspace", label: state(workspace.data.state) } } : {})}
    >
      {workspace.isPending ? <ShapeLines count={3} height={10} /> : null}
      {workspace.error ? <p className={classes.quiet}>{t("workspaceSilent")}</p> : null}
      {workspace.data?.gauges ? <WorkspaceGauges gauges={workspace.data.gauges} /> : null}
      {workspace.data && !workspace.data.gauges ? (
        <p className={classes.quiet}>{workspace.data.error ?? t("workspaceOff")}</p>
      ) : null}
    </Card>
  );
}
