"use client";

import { Button, PasswordInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { KeyProvider, type ProviderKey } from "#api/schema/provider-key.ts";
import { useDropProviderKey, useKeepProviderKey, useProviderKeys } from "#app/_data/use-provider-keys.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import classes from "#app/(desk)/settings/settings.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

const NAMES: Record<KeyProvider, string> = { anthropic: "Anthropic", openai: "OpenAI" };

/** Keys of one's own for model providers: sealed when they are taken in, and never shown again. */
export function ProviderKeys() {
  const t = useTranslations("providerKeys");
  const found = useProviderKeys();
  return (
    <div className={classes.tokens}>
      <p className={classes.lead}>{t("lead")}</p>
      {found.isPending ? <ShapeRows count={2} /> : null}
      {found.isLoadingError ? (
        <ProblemState problem={found.error} retry={() => void found.refetch()} />
      ) : null}
      {found.data ? (
        <ul className={classes.list}>
          {KeyProvider.options.map((provider) => (
            <KeyRow
              key={provider}
              provider={provider}
              kept={found.data.find((key) => key.provider === provider) ?? null}
            />
          ))}
        </ul>
      ) : null}
    </div>
  );
}

function KeyRow({ provider, kept }: { provider: KeyProvider; kept: ProviderKey | null }) {
  const t = useTranslations("providerKeys");
  const keep = useKeepProviderKey();
  const drop = useDropProviderKey();
  const [key, setKey] = useState("");
  const name = NAMES[provider];
  const problem = keep.error ?? drop.error;
  return (
    <li className={classes.token}>
      <span className={classes.tokenName}>{name}</span>
      <span className={classes.facts}>
        {kept ? (
          <>
            <code>…{kept.hint}</code>
            <span>{t.rich("since", { when: () => <RelativeTime at={kept.createdAt} /> })}</span>
          </>
        ) : (
          <span>{t("none")}</span>
        )}
      </span>
      {kept ? (
        <Button
          size="compact-xs"
          variant="default"
          loading={drop.isPending}
          aria-label={t("removeNamed", { name })}
          onClick={() => drop.mutate(provider)}
        >
          {t("remove")}
        </Button>
      ) : null}
      <form
        className={classes.keyForm}
        onSubmit={(event) => {
          event.preventDefault();
          if (key !== "") keep.mutate({ provider, key }, { onSuccess: () => setKey("") });
        }}
      >
        <PasswordInput
          className={classes.grow}
          size="xs"
          aria-label={t("keyNamed", { name })}
          placeholder={t("placeholder")}
          autoComplete="off"
          value={key}
          maxLength={500}
          onChange={(event) => setKey(event.currentTarget.value.trim())}
        />
        <Button type="submit" size="xs" variant="default" disabled={key.length < 8} loading={keep.isPending}>
          {kept ? t("replace") : t("use")}
        </Button>
      </form>
      {problem ? <ProblemState problem={problem} /> : null}
    </li>
  );
}
