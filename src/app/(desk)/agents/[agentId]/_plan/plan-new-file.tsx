"use client";

import { Button, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type KeyboardEvent, useRef, useState } from "react";
import classes from "#app/(desk)/agents/[agentId]/_plan/plan-editor.module.css";

interface PlanNewFileProps {
  /** paths that are planned already */
  taken: string[];
  onAdd: (path: string, purpose: string) => void;
}

/** A file that the architect did not think of. */
export function PlanNewFile({ taken, onAdd }: PlanNewFileProps) {
  const t = useTranslations("plan");
  const [path, setPath] = useState("");
  const [purpose, setPurpose] = useState("");
  const first = useRef<HTMLInputElement>(null);
  const known = taken.includes(path.trim());
  const ready = path.trim() !== "" && purpose.trim() !== "" && !known;
  const add = () => {
    if (!ready) return;
    onAdd(path.trim(), purpose.trim());
    setPath("");
    setPurpose("");
    first.current?.focus();
  };
  // Enter adds the file, and does not approve the plan.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    add();
  };
  return (
    <fieldset className={classes.added}>
      <legend className="visually-hidden">{t("addFile")}</legend>
      <TextInput
        ref={first}
        label={t("newPath")}
        placeholder="src/name.js"
        spellCheck={false}
        value={path}
        error={known ? t("taken") : null}
        onChange={(event) => setPath(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <TextInput
        label={t("newPurpose")}
        value={purpose}
        onChange={(event) => setPurpose(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <Button variant="default" onClick={add} disabled={!ready}>
        {t("addFile")}
      </Button>
    </fieldset>
  );
}
