"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import type { CodeImport } from "#api/schema/code-import.ts";
import { keys } from "#app/_data/keys.ts";
import classes from "#app/(desk)/agents/[agentId]/_conversation/import-offer.module.css";
import { Sign } from "#ui/sign.tsx";

type Code = NonNullable<CodeImport["import"]>;

const SHAPES = { pending: "queued", importing: "moving", done: "done", failed: "broken" } as const;

/** How far existing code is on its way into an agent, what was left out, or what is wrong with it; `isPast`: the work has begun. */
export function ImportProgress({ agentId, code, isPast }: { agentId: string; code: Code; isPast?: boolean }) {
  const t = useTranslations("codeImport");
  const client = useQueryClient();
  const isDone = code.state === "done";
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: keys.files(agentId) });
  }, [isDone, client, agentId]);
  return (
    <div role="status">
      <p className={classes.line}>
        <Sign shape={SHAPES[code.state]} />
        <span className={classes.words}>
          <Words code={code} isPast={isPast ?? false} />
        </span>
      </p>
      <Fault code={code} />
      {isDone && code.skipped.length > 0 ? (
        <details className={classes.quiet}>
          <summary>
            {t(code.source === "upload" ? "leftOut" : "skipped", { count: code.skipped.length })}
          </summary>
          <ul>
            {code.skipped.map(({ path, reason }) => (
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

function Words({ code, isPast }: { code: Code; isPast: boolean }) {
  const t = useTranslations("codeImport");
  const { state, filesDone: count, filesTotal, branch } = code;
  const isUpload = code.source === "upload";
  const name = isUpload ? (code.fileName ?? "") : code.repository;
  if (state === "failed") return t(isUpload ? "unusable" : "failed", { name });
  if (state === "done" && isPast) return t("began", { count, name: branch ? `${name} (${branch})` : name });
  if (state === "done") return branch ? t("done", { count, name, branch }) : t("here", { count, name });
  if (state === "pending" || filesTotal === null) return t(isUpload ? "unpacking" : "fetching", { name });
  return t("files", { done: count, all: filesTotal });
}

function Fault({ code: { error, reason, entry } }: { code: Code }) {
  const t = useTranslations("codeImport");
  if (!error) return null;
  return (
    <p className={classes.quiet} {...(reason ? {} : { lang: "en" })}>
      {reason ? t(`fault.${reason}`) : error} {entry ? <code>{entry}</code> : null}
    </p>
  );
}
