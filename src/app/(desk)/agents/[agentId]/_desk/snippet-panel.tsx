"use client";

import { Button, NativeSelect, UnstyledButton } from "@mantine/core";
import { IconChevronUp, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Snippet } from "#api/schema/workspace.ts";
import { useRunSnippet, useWorkspace } from "#app/_data/use-workspace.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { CodeArea } from "#app/(desk)/agents/[agentId]/_desk/code-area.tsx";
import { runFile } from "#app/(desk)/agents/[agentId]/_desk/run-file.ts";
import { SnippetOutput } from "#app/(desk)/agents/[agentId]/_desk/snippet-output.tsx";
import classes from "#app/(desk)/agents/[agentId]/_desk/snippet-panel.module.css";
import { KeyTip } from "#ui/keys.tsx";

const LANGUAGES = ["python", "javascript", "typescript", "bash"] as const;
type Language = Snippet["language"];

/** A few lines of code, run in the agent's directory. Closed it is one line at the foot of the files. */
export function SnippetPanel({ agentId, path }: { agentId: string; path: string | null }) {
  const t = useTranslations("snippet");
  const [open, setOpen] = useState(false);
  const bodyId = useId();
  return (
    <section className={classes.panel} data-open={open || undefined}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={open}
        aria-controls={bodyId}
        onClick={() => setOpen(!open)}
      >
        <IconPlayerPlay size={14} stroke={1.7} aria-hidden="true" />
        {t("title")}
        <IconChevronUp size={14} stroke={1.7} className={classes.chevron} aria-hidden="true" />
      </UnstyledButton>
      <div id={bodyId} className={classes.body} hidden={!open}>
        {open ? <SnippetForm agentId={agentId} path={path} /> : null}
      </div>
    </section>
  );
}

function SnippetForm({ agentId, path }: { agentId: string; path: string | null }) {
  const t = useTranslations("snippet");
  const found = useWorkspace().data?.languages ?? {};
  const offered = LANGUAGES.filter((language) => Object.keys(found).length === 0 || language in found);
  const start = path ? runFile(path) : null;
  const [language, setLanguage] = useState<Language>(start?.language ?? offered[0] ?? "bash");
  const [code, setCode] = useState(start?.code ?? "");
  const snippet = useRunSnippet(agentId);
  const empty = code.trim() === "";
  const run = () => {
    if (!empty && !snippet.isPending) snippet.mutate({ language, code });
  };
  return (
    <>
      <div className={classes.bar}>
        <NativeSelect
          size="xs"
          aria-label={t("language")}
          value={language}
          data={[...offered]}
          onChange={(event) => setLanguage(event.currentTarget.value as Language)}
        />
        <KeyTip label={t("run")} combo="mod+Enter">
          <Button size="xs" onClick={run} disabled={empty} loading={snippet.isPending}>
            {t("run")}
          </Button>
        </KeyTip>
      </div>
      <div className={classes.code}>
        <CodeArea
          value={code}
          language={language}
          label={t("code")}
          onChange={setCode}
          onRun={run}
          minHeight="84px"
        />
      </div>
      <div className={classes.answer} role="status">
        {snippet.error ? <ProblemState problem={snippet.error} /> : null}
        {snippet.data && !snippet.isPending ? <SnippetOutput result={snippet.data} /> : null}
        {snippet.isPending ? <p className={classes.running}>{t("running")}</p> : null}
      </div>
    </>
  );
}
