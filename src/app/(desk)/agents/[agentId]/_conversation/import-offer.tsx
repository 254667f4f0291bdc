"use client";

import { Button } from "@mantine/core";
import { IconBrandGithub } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { CodeImport } from "#api/schema/code-import.ts";
import { keys } from "#app/_data/keys.ts";
import { useGitHub } from "#app/_data/use-github.ts";
import { useBeginImport, useImport } from "#app/_data/use-import.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/[agentId]/_conversation/import-offer.module.css";
import { Sign } from "#ui/sign.tsx";

/** An agent that has done nothing yet can begin with the repository's own code. */
export function ImportOffer({ agentId }: { agentId: string }) {
  const t = useTranslations("codeImport");
  const repository = useGitHub().data?.repository;
  const code = useImport(agentId).data;
  const begin = useBeginImport(agentId);
  const client = useQueryClient();
  const isDone = code?.state === "done";
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: keys.files(agentId) });
  }, [isDone, client, agentId]);
  if (repository?.state !== "active" && !code) return null;
  const name = code?.repository || `${repository?.owner}/${repository?.name}`;
  return (
    <div className={classes.offer}>
      {code ? <Progress code={code} name={name} /> : <p>{t("offer", { name })}</p>}
      {begin.error ? <ProblemState problem={begin.error} /> : null}
      {!code || code.state === "failed" ? (
        <Button
          size="xs"
          variant="default"
          loading={begin.isPending}
          leftSection={<IconBrandGithub size={14} stroke={1.8} />}
          onClick={() => begin.mutate()}
        >
          {code ? t("again") : t("begin")}
        </Button>
      ) : null}
    </div>
  );
}

function Progress({ code, name }: { code: NonNullable<CodeImport["import"]>; name: string }) {
  const t = useTranslations("codeImport");
  const { state, filesDone, filesTotal, skipped, branch } = code;
  const shape = { pending: "queued", importing: "moving", done: "done", failed: "broken" } as const;
  return (
    <div role="status">
      <p className={classes.line}>
        <Sign shape={shape[state]} />
        {state === "done" ? t("done", { count: filesDone, name, branch }) : null}
        {state === "failed" ? t("failed", { name }) : null}
        {state === "pending" || filesTotal === null
          ? state === "failed"
            ? null
            : t("fetching", { name })
          : null}
        {state === "importing" && filesTotal !== null
          ? t("files", { done: filesDone, all: filesTotal })
          : null}
      </p>
      {code.error ? (
        <p className={classes.quiet} lang="en">
          {code.error}
        </p>
      ) : null}
      {state === "done" && skipped.length > 0 ? (
        <details className={classes.quiet}>
          <summary>{t("skipped", { count: skipped.length })}</summary>
          <ul>
            {skipped.map(({ path, reason }) => (
              <li key={path}>
                <code>{path}</code>: {t(`reason.${reason}`)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
