"use client";

import { Button, NativeSelect, Select, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import type { Me } from "#api/schema/account.ts";
import { useChangeMe } from "#app/_data/use-account.ts";
import { isLocale, LOCALES } from "#app/_locale/choose-locale.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/settings/settings.module.css";

/** Languages by their own names, as each reader looks for theirs. */
const OWN_NAMES = { en: "English", ko: "한국어", ja: "日本語" };

export function ProfileForm({ me }: { me: Me }) {
  const t = useTranslations("settings");
  const router = useRouter();
  const change = useChangeMe();
  const [name, setName] = useState(me.name ?? "");
  const [locale, setLocale] = useState(me.locale);
  const [timeZone, setTimeZone] = useState(me.timeZone);
  const zones = useMemo(() => Intl.supportedValuesOf("timeZone"), []);
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        // The pages are drawn anew, in the language that was chosen.
        change.mutate({ name: name.trim() || null, locale, timeZone }, { onSuccess: () => router.refresh() });
      }}
    >
      <TextInput
        label={t("name")}
        value={name}
        maxLength={80}
        placeholder={me.email}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t("language")}
        value={locale ?? ""}
        onChange={(event) =>
          setLocale(isLocale(event.currentTarget.value) ? event.currentTarget.value : null)
        }
        data={[
          { value: "", label: t("fromBrowser") },
          ...LOCALES.map((value) => ({ value, label: OWN_NAMES[value] })),
        ]}
      />
      <Select
        label={t("timeZone")}
        placeholder={t("fromBrowser")}
        value={timeZone}
        onChange={setTimeZone}
        data={zones}
        searchable
        clearable
        limit={80}
        nothingFoundMessage={t("noZone")}
      />
      {change.error ? <ProblemState problem={change.error} /> : null}
      <div className={classes.actions}>
        <Button type="submit" loading={change.isPending}>
          {t("save")}
        </Button>
        <span className={classes.said} role="status">
          {change.isSuccess ? t("saved") : null}
        </span>
      </div>
    </form>
  );
}
