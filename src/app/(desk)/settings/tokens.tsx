"use client";

import { Button } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useRevokeToken, useTokens } from "#app/_data/use-account.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { NewTokenForm } from "#app/(desk)/settings/new-token-form.tsx";
import classes from "#app/(desk)/settings/settings.module.css";
import { RelativeTime } from "#ui/relative-time.tsx";
import { ShapeRows } from "#ui/shapes.tsx";

/** Personal tokens: shown once when made, afterwards only their first letters. */
export function Tokens() {
  const t = useTranslations("tokens");
  const tokens = useTokens();
  const revoke = useRevokeToken();
  return (
    <div className={classes.tokens}>
      <p className={classes.lead}>{t("lead")}</p>
      <NewTokenForm />
      {tokens.isPending ? <ShapeRows count={2} /> : null}
      {tokens.isLoadingError ? (
        <ProblemState problem={tokens.error} retry={() => void tokens.refetch()} />
      ) : null}
      {revoke.error ? <ProblemState problem={revoke.error} /> : null}
      {tokens.data && tokens.data.length > 0 ? (
        <ul className={classes.list}>
          {tokens.data.map((token) => (
            <li key={token.id} className={classes.token}>
              <span className={classes.tokenName}>{token.name}</span>
              <span className={classes.facts}>
                <code>{token.prefix}…</code>
                <span>{token.scopes.join(", ")}</span>
                <span>
                  {token.lastUsedAt
                    ? t.rich("used", { when: () => <RelativeTime at={token.lastUsedAt ?? ""} /> })
                    : t("neverUsed")}
                </span>
                {token.expiresAt ? (
                  <span>
                    {t.rich("expires", { when: () => <RelativeTime at={token.expiresAt ?? ""} /> })}
                  </span>
                ) : null}
              </span>
              <Button
                size="compact-xs"
                variant="default"
                disabled={revoke.isPending}
                aria-label={t("revokeNamed", { name: token.name })}
                onClick={() => revoke.mutate(token.id)}
              >
                {t("revoke")}
              </Button>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
