"use client";

import { Button } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import type { Connection } from "#api/schema/egress.ts";
import classes from "#app/(desk)/workspace/network.module.css";
import { formatBytes } from "#ui/format-amounts.ts";
import { RelativeTime } from "#ui/relative-time.tsx";
import { Sign, type SignShape } from "#ui/sign.tsx";

const SHAPES: Record<Connection["outcome"], SignShape> = {
  open: "moving",
  closed: "done",
  refused: "asking",
  failed: "broken",
};

const REASONS = [
  "not_listed",
  "switched_off",
  "not_public",
  "too_many",
  "packages",
  "timeout",
  "upstream_failed",
  "runner_lost",
] as const;

interface ConnectionsProps {
  connections: Connection[];
  busy: boolean;
  allow: (host: string) => void;
  more: (() => void) | null;
}

/** The latest ways out: where to, what came of it, how much passed. */
export function Connections({ connections, busy, allow, more }: ConnectionsProps) {
  const t = useTranslations("network");
  const format = useFormatter();
  if (connections.length === 0) return <p className={classes.none}>{t("noConnections")}</p>;
  return (
    <div className={classes.latest}>
      <h3 className={classes.small}>{t("latest")}</h3>
      <ul className={classes.rows}>
        {connections.map((each) => (
          <li key={each.id} className={classes.row}>
            <span className={classes.sign}>
              <Sign shape={SHAPES[each.outcome]} />
            </span>
            <code className={classes.host}>{hostOf(each)}</code>
            <span className={classes.result}>
              <Result connection={each} />
              {each.reason === "not_listed" ? (
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={busy}
                  aria-label={t("allowNamed", { host: hostOf(each) })}
                  onClick={() => allow(hostOf(each))}
                >
                  {t("addButton")}
                </Button>
              ) : null}
            </span>
            <span className={classes.bytes} title={t("received")}>
              {each.bytesIn + each.bytesOut > 0 ? `↓ ${formatBytes(format, each.bytesIn)}` : null}
            </span>
            <span className={classes.bytes} title={t("sent")}>
              {each.bytesOut > 0 ? `↑ ${formatBytes(format, each.bytesOut)}` : null}
            </span>
            <span className={classes.when}>
              <RelativeTime at={each.startedAt} />
            </span>
          </li>
        ))}
      </ul>
      {more ? (
        <Button size="compact-sm" variant="default" onClick={more}>
          {t("more")}
        </Button>
      ) : null}
    </div>
  );
}

function Result({ connection: { outcome, reason, attempts } }: { connection: Connection }) {
  const t = useTranslations("network");
  const known = REASONS.find((each) => each === reason) ?? "other";
  return (
    <span>
      {t(`outcome.${outcome}`)}
      {reason === null ? null : <span className={classes.reason}> · {t(`reason.${known}`)}</span>}
      {attempts > 1 ? <span className={classes.reason}> · {t("times", { count: attempts })}</span> : null}
    </span>
  );
}

function hostOf({ host, port }: Connection): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
