"use client";

import { Button, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { NewAgent } from "#api/schema/agent.ts";
import { useMakeAgent } from "#app/_data/use-agents.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/agents/_form/form.module.css";

interface NewAgentFieldProps {
  /** what was set beyond the name */
  settings?: Omit<NewAgent, "name">;
  autoFocus?: boolean;
}

/** One field makes an agent: its name. */
export function NewAgentField({ settings = {}, autoFocus = false }: NewAgentFieldProps) {
  const t = useTranslations("newAgent");
  const router = useRouter();
  const { make, isMaking, error } = useMakeAgent();
  const [name, setName] = useState("");
  const submit = () => {
    if (name.trim() === "") return;
    make({
      given: { name: name.trim(), ...settings },
      whenMade: (agent) => router.push(`/agents/${agent.id}`),
    });
  };
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        className={classes.name}
        aria-label={t("name")}
        placeholder={t("namePlaceholder")}
        value={name}
        maxLength={80}
        autoFocus={autoFocus}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" disabled={name.trim() === ""} loading={isMaking}>
        {t("make")}
      </Button>
      {error ? (
        <div className={classes.problem}>
          <ProblemState problem={error} meaning={t("problemMeaning")} />
        </div>
      ) : null}
    </form>
  );
}
