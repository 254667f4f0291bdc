"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { GitHub } from "#api/schema/github.ts";
import { ChosenRepository } from "#app/(desk)/github/chosen-repository.tsx";
import { RepositoryChooser } from "#app/(desk)/github/repository-chooser.tsx";
import { Section } from "#ui/page.tsx";

/** The one repository; while there is none, or while it is changed, what there is to choose from. */
export function RepositorySection({ github }: { github: GitHub }) {
  const t = useTranslations("github.repository");
  const [changing, setChanging] = useState(false);
  const { repository } = github;
  const canChoose = github.installations.some(({ status }) => status === "active");
  return (
    <Section
      title={t("title")}
      actions={
        repository && canChoose ? (
          <Button size="compact-sm" variant="subtle" onClick={() => setChanging(!changing)}>
            {changing ? t("keep") : t("change")}
          </Button>
        ) : null
      }
    >
      {repository ? <ChosenRepository repository={repository} installation={github.installation} /> : null}
      {changing || !repository ? (
        <RepositoryChooser github={github} onChosen={() => setChanging(false)} />
      ) : null}
    </Section>
  );
}
