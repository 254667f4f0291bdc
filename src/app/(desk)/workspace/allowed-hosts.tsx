"use client";

import { Button, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import classes from "#app/(desk)/workspace/network.module.css";

interface AllowedHostsProps {
  operator: string[];
  own: string[];
  busy: boolean;
  change: (own: string[], done?: () => void) => void;
}

/** The operator's list, the user's own, and the one field that adds to it. */
export function AllowedHosts({ operator, own, busy, change }: AllowedHostsProps) {
  const t = useTranslations("network");
  const [host, setHost] = useState("");
  const typed = host.trim();
  return (
    <div className={classes.hosts}>
      <div>
        <h3 className={classes.small}>{t("yours")}</h3>
        {own.length === 0 ? <p className={classes.none}>{t("none")}</p> : null}
        <ul className={classes.list}>
          {own.map((each) => (
            <li key={each} className={classes.own}>
              <code>{each}</code>
              <Button
                size="compact-xs"
                variant="default"
                disabled={busy}
                aria-label={t("removeNamed", { host: each })}
                onClick={() => change(own.filter((other) => other !== each))}
              >
                {t("remove")}
              </Button>
            </li>
          ))}
        </ul>
        <form
          className={classes.add}
          onSubmit={(event) => {
            event.preventDefault();
            if (typed !== "") change([...own, typed], () => setHost(""));
          }}
        >
          <TextInput
            className={classes.field}
            label={t("add")}
            description={t("addHelp")}
            value={host}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setHost(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={busy || typed === ""}>
            {t("addButton")}
          </Button>
        </form>
      </div>
      <div>
        <h3 className={classes.small}>{t("always")}</h3>
        <ul className={classes.list}>
          {operator.map((each) => (
            <li key={each}>
              <code>{each}</code>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
