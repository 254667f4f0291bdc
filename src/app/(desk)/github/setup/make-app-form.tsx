"use client";

import { Button, TextInput } from "@mantine/core";
import { IconBrandGithub } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMakeApp } from "#app/_data/use-github.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/github/github.module.css";

/** One click here, one on GitHub: the App comes back with its keys. */
export function MakeAppForm({ again }: { again: boolean }) {
  const t = useTranslations("github.setup");
  const [name, setName] = useState("");
  const [organisation, setOrganisation] = useState("");
  const make = useMakeApp();
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({
          ...(name.trim() && { name: name.trim() }),
          ...(organisation.trim() && { organisation: organisation.trim() }),
        });
      }}
    >
      {again ? <p className={classes.means}>{t("anewMeaning")}</p> : null}
      <TextInput
        label={t("name")}
        description={t("nameHelp")}
        value={name}
        maxLength={34}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("organisation")}
        description={t("organisationHelp")}
        value={organisation}
        maxLength={39}
        onChange={(event) => setOrganisation(event.currentTarget.value)}
      />
      {make.error ? <ProblemState problem={make.error} /> : null}
      <div>
        <Button
          type="submit"
          variant={again ? "default" : "filled"}
          loading={make.isPending || make.isSuccess}
          leftSection={<IconBrandGithub size={16} stroke={1.8} />}
        >
          {t("makeOnGitHub")}
        </Button>
      </div>
    </form>
  );
}
