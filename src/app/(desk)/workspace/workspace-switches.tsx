"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { Workspace } from "#api/schema/workspace.ts";
import { useTurnWorkspace } from "#app/_data/use-workspace.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";

/** Start, or Restart and Stop: what can be done with it as it is. */
export function WorkspaceSwitches({ workspace }: { workspace: Workspace }) {
  const t = useTranslations("workspace");
  const turn = useTurnWorkspace();
  const on = workspace.state === "running" || workspace.state === "paused";
  const button = (to: "start" | "stop" | "restart") => (
    <Button
      variant={to === "start" ? "filled" : "default"}
      loading={turn.isPending && turn.variables === to}
      disabled={turn.isPending || workspace.state === "starting"}
      onClick={() => turn.mutate(to)}
    >
      {t(to)}
    </Button>
  );
  return (
    <>
      {on ? button("restart") : button("start")}
      {on ? button("stop") : null}
      {turn.error ? <ProblemState problem={turn.error} /> : null}
    </>
  );
}
