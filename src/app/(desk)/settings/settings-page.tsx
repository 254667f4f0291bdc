"use client";

import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useMounted } from "@mantine/hooks";
import { useTranslations } from "next-intl";
import { useMe } from "#app/_data/use-account.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { ProfileForm } from "#app/(desk)/settings/profile-form.tsx";
import { ProviderKeys } from "#app/(desk)/settings/provider-keys.tsx";
import { Tokens } from "#app/(desk)/settings/tokens.tsx";
import { Page, PageHeader, Section } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

const THEMES = ["light", "dark", "auto"] as const;

export function SettingsPage() {
  const t = useTranslations("settings");
  const theme = useTranslations("theme");
  const me = useMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  // The server knows no choice of theme: the page is drawn without one first, or the wrong one would keep its mark.
  const known = useMounted();
  return (
    <Page>
      <PageHeader title={t("title")} lead={me.data?.email} />
      {me.isPending ? <ShapeLines count={5} /> : null}
      {me.isLoadingError ? <ProblemState problem={me.error} retry={() => void me.refetch()} /> : null}
      {me.data ? <ProfileForm me={me.data} /> : null}
      <Section title={t("theme")}>
        <SegmentedControl
          aria-label={t("theme")}
          value={known ? colorScheme : ""}
          onChange={(value) => setColorScheme(value as (typeof THEMES)[number])}
          data={THEMES.map((value) => ({ value, label: theme(value) }))}
        />
      </Section>
      <Section title={t("tokens")}>
        <Tokens />
      </Section>
      <Section title={t("providerKeys")}>
        <ProviderKeys />
      </Section>
    </Page>
  );
}
