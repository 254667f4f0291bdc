"use client";

import { NativeSelect, NumberInput, Switch, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useModels } from "#app/_data/use-account.ts";
import classes from "#app/(desk)/agents/_form/form.module.css";

export interface AgentSettings {
  model: string | null;
  instructions: string;
  approvePlan: boolean;
  /** what its runs may cost in all, dollars; null: no cap */
  ceilingUsd: number | null;
}

export const NO_SETTINGS: AgentSettings = {
  model: null,
  instructions: "",
  approvePlan: false,
  ceilingUsd: null,
};

const MICRO = 1_000_000;

/** The settings as the API takes them. */
export function settingsForApi(settings: AgentSettings) {
  return {
    model: settings.model,
    instructions: settings.instructions.trim() === "" ? null : settings.instructions,
    policy: { approvePlan: settings.approvePlan, publish: "ask" as const },
    ceilingMicroUsd: settings.ceilingUsd === null ? null : Math.round(settings.ceilingUsd * MICRO),
  };
}

interface AgentFieldsProps {
  settings: AgentSettings;
  onChange: (settings: AgentSettings) => void;
}

/** What can be said of an agent beyond its name. */
export function AgentFields({ settings, onChange }: AgentFieldsProps) {
  const t = useTranslations("agentFields");
  const model = useTranslations("model");
  const models = useModels().data ?? [];
  const change = (part: Partial<AgentSettings>) => onChange({ ...settings, ...part });
  return (
    <div className={classes.fields}>
      <NativeSelect
        label={t("model")}
        value={settings.model ?? ""}
        onChange={(event) => change({ model: event.currentTarget.value || null })}
        data={[
          { value: "", label: t("modelDefault") },
          ...models.map(({ id, scripted }) => ({ value: id, label: scripted ? model("demo") : id })),
        ]}
      />
      <Textarea
        label={t("instructions")}
        description={t("instructionsHelp")}
        autosize
        minRows={3}
        maxRows={12}
        value={settings.instructions}
        onChange={(event) => change({ instructions: event.currentTarget.value })}
      />
      <NumberInput
        label={t("ceiling")}
        description={t("ceilingHelp")}
        placeholder={t("ceilingNone")}
        prefix="$"
        min={0}
        max={1_000_000}
        decimalScale={4}
        hideControls
        value={settings.ceilingUsd ?? ""}
        onChange={(value) => change({ ceilingUsd: typeof value === "number" ? value : null })}
      />
      <Switch
        label={t("approvePlan")}
        description={t("approvePlanHelp")}
        checked={settings.approvePlan}
        onChange={(event) => change({ approvePlan: event.currentTarget.checked })}
      />
    </div>
  );
}
