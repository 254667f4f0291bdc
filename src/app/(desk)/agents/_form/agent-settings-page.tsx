"use client";

import { Button, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Agent } from "#api/schema/agent.ts";
import { useAgent, useChangeAgent, useDeleteAgent } from "#app/_data/use-agents.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { AgentFields, type AgentSettings, settingsForApi } from "#app/(desk)/agents/_form/agent-fields.tsx";
import { Environment } from "#app/(desk)/agents/_form/environment.tsx";
import classes from "#app/(desk)/agents/_form/form.module.css";
import { Page, PageHeader, Section } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

export function AgentSettingsPage({ agentId }: { agentId: string }) {
  const t = useTranslations("agentSettings");
  const { agent, isPending, isLoadingError, error, refetch } = useAgent(agentId);
  return (
    <Page>
      <PageHeader title={agent?.name ?? t("title")} lead={t("title")} />
      {isPending ? <ShapeLines count={5} /> : null}
      {isLoadingError ? <ProblemState problem={error} retry={() => void refetch()} /> : null}
      {agent ? <SettingsForm key={agent.id} agent={agent} /> : null}
      {agent ? <Environment agentId={agent.id} /> : null}
      {agent ? <Deletion agent={agent} /> : null}
    </Page>
  );
}

function SettingsForm({ agent }: { agent: Agent }) {
  const t = useTranslations("agentSettings");
  const change = useChangeAgent(agent.id);
  const [name, setName] = useState(agent.name);
  const [settings, setSettings] = useState<AgentSettings>({
    model: agent.model,
    instructions: agent.instructions ?? "",
    approvePlan: agent.policy.approvePlan,
    ceilingUsd: agent.ceilingMicroUsd === null ? null : agent.ceilingMicroUsd / 1_000_000,
  });
  return (
    <form
      className={classes.fields}
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ name, ...settingsForApi(settings) });
      }}
    >
      <TextInput
        label={t("name")}
        value={name}
        maxLength={80}
        required
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <AgentFields settings={settings} onChange={setSettings} />
      {change.error ? <ProblemState problem={change.error} /> : null}
      <div className={classes.actions}>
        <Button type="submit" loading={change.isPending} disabled={name.trim() === ""}>
          {t("save")}
        </Button>
        <span className={classes.said} role="status">
          {change.isSuccess ? t("saved") : null}
        </span>
      </div>
    </form>
  );
}

function Deletion({ agent }: { agent: Agent }) {
  const t = useTranslations("agentSettings");
  const router = useRouter();
  const remove = useDeleteAgent(agent.id);
  const [sure, setSure] = useState(false);
  return (
    <Section title={t("deleteTitle")}>
      <div className={classes.danger}>
        <p>{t("deleteMeaning")}</p>
        {sure ? (
          <div className={classes.actions}>
            <Button variant="default" onClick={() => setSure(false)}>
              {t("keep")}
            </Button>
            <Button
              color="red"
              loading={remove.isPending}
              onClick={() => remove.mutate(undefined, { onSuccess: () => router.push("/") })}
            >
              {t("deleteSure", { name: agent.name })}
            </Button>
          </div>
        ) : (
          <Button variant="default" onClick={() => setSure(true)}>
            {t("delete")}
          </Button>
        )}
      </div>
      {remove.error ? <ProblemState problem={remove.error} /> : null}
    </Section>
  );
}
