"use client";

import { Switch } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useChooseEgress, useEgress } from "#app/_data/use-egress.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { AllowedHosts } from "#app/(desk)/workspace/allowed-hosts.tsx";
import { Connections } from "#app/(desk)/workspace/connections.tsx";
import classes from "#app/(desk)/workspace/network.module.css";
import { Section } from "#ui/page.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

const FIRST = 10;
const MOST = 100;

/** What the workspace may reach, and what it did reach. */
export function Network() {
  const t = useTranslations("network");
  const [limit, setLimit] = useState(FIRST);
  const egress = useEgress(limit);
  const choose = useChooseEgress();
  const known = egress.data;
  const change = (to: { enabled?: boolean; allow?: string[] }, done?: () => void) => {
    if (!known) return;
    choose.mutate({ enabled: known.enabled, allow: known.allow, ...to }, { onSuccess: () => done?.() });
  };
  return (
    <Section title={t("title")}>
      <p className={classes.lead}>{t("lead")}</p>
      {egress.isPending ? <ShapeLines count={4} /> : null}
      {egress.isLoadingError ? (
        <ProblemState problem={egress.error} retry={() => void egress.refetch()} />
      ) : null}
      {choose.error ? <ProblemState problem={choose.error} /> : null}
      {known ? (
        <>
          <Switch
            label={t("on")}
            description={known.enabled ? undefined : t("off")}
            checked={known.enabled}
            disabled={choose.isPending}
            onChange={(event) => change({ enabled: event.currentTarget.checked })}
          />
          <AllowedHosts
            operator={known.operatorAllow}
            own={known.allow}
            busy={choose.isPending}
            change={(allow, done) => change({ allow }, done)}
          />
          <Connections
            connections={known.connections}
            busy={choose.isPending}
            allow={(host) => change({ allow: [...known.allow, host] })}
            more={known.nextCursor !== null && limit < MOST ? () => setLimit(MOST) : null}
          />
        </>
      ) : null}
    </Section>
  );
}
