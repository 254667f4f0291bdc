"use client";

import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { Scope } from "#api/schema/token.ts";
import { useMakeToken } from "#app/_data/use-account.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/settings/settings.module.css";
import { TokenOnce } from "#app/(desk)/settings/token-once.tsx";

const RIGHTS: Record<string, Scope[]> = {
  all: ["api", "api:read", "models"],
  api: ["api"],
  read: ["api:read"],
  models: ["models"],
};

const LIFETIMES = ["30", "90", "365", "never"] as const;
const DAY_MS = 24 * 3600 * 1000;

export function NewTokenForm() {
  const t = useTranslations("tokens");
  const make = useMakeToken();
  const [name, setName] = useState("");
  const [rights, setRights] = useState("all");
  const [days, setDays] = useState<string>("90");
  const submit = () =>
    make.mutate(
      {
        name: name.trim(),
        scopes: RIGHTS[rights] ?? [],
        expiresAt: days === "never" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
      },
      { onSuccess: () => setName("") },
    );
  return (
    <>
      <form
        className={classes.newToken}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") submit();
        }}
      >
        <TextInput
          className={classes.grow}
          label={t("name")}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("rights")}
          value={rights}
          onChange={(event) => setRights(event.currentTarget.value)}
          data={Object.keys(RIGHTS).map((value) => ({ value, label: t(`right.${value as "all"}`) }))}
        />
        <NativeSelect
          label={t("lifetime")}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data={LIFETIMES.map((value) => ({ value, label: t(`lifetimes.${value}`) }))}
        />
        <Button type="submit" disabled={name.trim() === ""} loading={make.isPending}>
          {t("make")}
        </Button>
      </form>
      {make.error ? <ProblemState problem={make.error} /> : null}
      {make.data ? <TokenOnce token={make.data.token} /> : null}
    </>
  );
}
