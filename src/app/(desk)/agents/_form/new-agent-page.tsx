"use client";

import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { useLimits } from "#app/_data/use-account.ts";
import { AgentFields, NO_SETTINGS, settingsForApi } from "#app/(desk)/agents/_form/agent-fields.tsx";
import classes from "#app/(desk)/agents/_form/form.module.css";
import { NewAgentField } from "#app/(desk)/agents/_form/new-agent-field.tsx";
import { EmptyState } from "#ui/empty-state.tsx";
import { Page, PageHeader } from "#ui/page.tsx";

export function NewAgentPage() {
  const t = useTranslations("newAgent");
  const [settings, setSettings] = useState(NO_SETTINGS);
  const [more, setMore] = useState(false);
  const moreId = useId();
  const limit = useLimits().data?.agents;
  if (limit && limit.used >= limit.limit) {
    return (
      <Page>
        <PageHeader title={t("title")} />
        <EmptyState title={t("fullTitle", { limit: limit.limit })}>{t("full")}</EmptyState>
      </Page>
    );
  }
  return (
    <Page>
      <PageHeader title={t("title")} lead={t("lead")} />
      <NewAgentField autoFocus settings={more ? settingsForApi(settings) : {}} />
      <UnstyledButton
        className={classes.disclose}
        aria-expanded={more}
        aria-controls={moreId}
        onClick={() => setMore(!more)}
      >
        <IconChevronRight size={14} stroke={1.8} aria-hidden="true" />
        {t("advanced")}
      </UnstyledButton>
      <div id={moreId} hidden={!more}>
        <AgentFields settings={settings} onChange={setSettings} />
      </div>
    </Page>
  );
}
