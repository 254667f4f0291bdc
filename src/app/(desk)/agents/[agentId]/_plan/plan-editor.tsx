"use client";

import { Button, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import classes from "#app/(desk)/agents/[agentId]/_plan/plan-editor.module.css";
import { PlanFileFields } from "#app/(desk)/agents/[agentId]/_plan/plan-file-fields.tsx";
import { PlanNewFile } from "#app/(desk)/agents/[agentId]/_plan/plan-new-file.tsx";
import { usePlanDraft } from "#app/(desk)/agents/[agentId]/_plan/use-plan-draft.ts";
import type { EditedPlan } from "#engines/edit-plan.ts";
import { addFile, changeFile, dropFile } from "#runs/ui/edit-plan.ts";

interface PlanEditorProps {
  /** the review that the plan is of */
  about: string;
  plan: EditedPlan;
  busy: boolean;
  onApprove: (plan: EditedPlan) => void;
  onClose: () => void;
}

/** The plan to be changed by hand: files and what they are for, and the commands that prove them. */
export function PlanEditor({ about, plan, busy, onApprove, onClose }: PlanEditorProps) {
  const t = useTranslations("plan");
  const review = useTranslations("review");
  const { draft, change, edited } = usePlanDraft(about, plan);
  const form = useRef<HTMLFormElement>(null);
  // The form grows below where the plan stood; nothing needs to be scrolled.
  useEffect(() => form.current?.focus({ preventScroll: true }), []);
  const { files } = draft.plan;
  const paths = files.map(({ path }) => path);
  return (
    <form
      ref={form}
      tabIndex={-1}
      className={classes.editor}
      aria-label={t("edit")}
      onSubmit={(event) => {
        event.preventDefault();
        onApprove(edited());
      }}
    >
      <ul className={classes.files}>
        {files.map((file) => (
          <PlanFileFields
            key={file.path}
            file={file}
            others={paths.filter((path) => path !== file.path)}
            onChange={(part) => change({ plan: changeFile(draft.plan, file.path, part) })}
            onDrop={files.length > 1 ? () => change({ plan: dropFile(draft.plan, file.path) }) : undefined}
          />
        ))}
      </ul>
      <PlanNewFile
        taken={paths}
        onAdd={(path, purpose) => change({ plan: addFile(draft.plan, path, purpose) })}
      />
      <Commands
        label={t("testCommands")}
        help={t("commandsHelp")}
        value={draft.test}
        onChange={(test) => change({ test })}
      />
      <Commands
        label={t("runCommands")}
        help={t("runCommandsHelp")}
        value={draft.run}
        onChange={(run) => change({ run })}
      />
      <div className={classes.answers}>
        <Button type="submit" loading={busy}>
          {t("approveEdited")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onClose} disabled={busy}>
          {review("back")}
        </Button>
      </div>
    </form>
  );
}

interface CommandsProps {
  label: string;
  help: string;
  value: string;
  onChange: (value: string) => void;
}

function Commands({ label, help, value, onChange }: CommandsProps) {
  return (
    <Textarea
      label={label}
      description={help}
      autosize
      minRows={1}
      maxRows={6}
      spellCheck={false}
      classNames={{ input: classes.code ?? "" }}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
