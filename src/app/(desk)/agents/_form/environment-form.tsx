"use client";

import { Button, Textarea, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useChangeEnvironment } from "#app/_data/use-environment.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/_form/environment.module.css";

interface Props {
  agentId: string;
  /** the variable that gets another value; null: a new one */
  replacing: string | null;
  onDone(): void;
}

export function EnvironmentForm({ agentId, replacing, onDone }: Props) {
  const t = useTranslations("environment");
  const change = useChangeEnvironment(agentId);
  const [name, setName] = useState(replacing ?? "");
  const [value, setValue] = useState("");
  const empty = () => {
    setName("");
    setValue("");
    onDone();
  };
  return (
    <form
      className={classes.form}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ [name.trim()]: value }, { onSuccess: empty });
      }}
    >
      <TextInput
        className={classes.nameField}
        label={t("name")}
        placeholder="API_KEY"
        value={name}
        maxLength={100}
        readOnly={replacing !== null}
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        className={classes.valueField}
        label={t("value")}
        value={value}
        autosize
        minRows={1}
        maxRows={8}
        spellCheck={false}
        ref={(field) => {
          // Whoever asked to replace a value is about to type it.
          if (replacing !== null && field && value === "") field.focus();
        }}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <span className={classes.actions}>
        {replacing !== null ? (
          <Button variant="default" onClick={empty}>
            {t("cancel")}
          </Button>
        ) : null}
        <Button type="submit" loading={change.isPending} disabled={name.trim() === "" || value === ""}>
          {replacing === null ? t("add") : t("replace")}
        </Button>
      </span>
      {change.error ? (
        <div className={classes.problem}>
          <ProblemState problem={change.error} />
        </div>
      ) : null}
    </form>
  );
}
