"use client";

import { Button, MultiSelect, Pill, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import classes from "#app/(desk)/agents/[agentId]/_plan/plan-editor.module.css";
import type { DraftFile } from "#runs/ui/edit-plan.ts";

interface PlanFileFieldsProps {
  file: DraftFile;
  /** paths of the other files */
  others: string[];
  onChange: (change: Partial<DraftFile>) => void;
  onDrop: (() => void) | undefined;
}

/** One file of a plan that is edited. */
export function PlanFileFields({ file, others, onChange, onDrop }: PlanFileFieldsProps) {
  const t = useTranslations("plan");
  const { path } = file;
  // What it needs of files that are there already stays in sight, and can be taken away.
  const choices = [...new Set([...others, ...file.dependsOn])];
  return (
    <li className={classes.file}>
      <div className={classes.head}>
        <code className={classes.path}>{path}</code>
        <Button
          size="compact-xs"
          variant="default"
          onClick={(event) => {
            focusNextTo(event.currentTarget);
            onDrop?.();
          }}
          disabled={!onDrop}
          aria-label={t("dropThis", { path })}
        >
          {t("drop")}
        </Button>
      </div>
      <Textarea
        aria-label={t("purposeOf", { path })}
        autosize
        minRows={1}
        maxRows={6}
        value={file.purpose}
        onChange={(event) => onChange({ purpose: event.currentTarget.value })}
      />
      <MultiSelect
        aria-label={t("needsOf", { path })}
        placeholder={file.dependsOn.length === 0 ? t("needs") : ""}
        size="xs"
        data={choices}
        value={file.dependsOn}
        onChange={(dependsOn) => onChange({ dependsOn })}
        renderPill={({ option, onRemove }) => (
          <Pill
            withRemoveButton
            onRemove={onRemove ?? (() => undefined)}
            removeButtonProps={{
              "aria-label": t("dropNeed", { need: option.label ?? "", path }),
              "aria-hidden": false,
            }}
          >
            {option.label}
          </Pill>
        )}
      />
    </li>
  );
}

/** The button goes with its file; the one of the file beside it takes the focus. */
function focusNextTo(button: HTMLElement): void {
  const file = button.closest("li");
  const beside = file?.nextElementSibling ?? file?.previousElementSibling;
  beside?.querySelector("button")?.focus();
}
