"use client";

import { Table } from "@mantine/core";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { Usage, UsageGroup, UsageRow } from "#api/schema/usage.ts";
import { useAgents } from "#app/_data/use-agents.ts";
import { NarrowTokens } from "#app/(desk)/usage/narrow-tokens.tsx";
import classes from "#app/(desk)/usage/usage.module.css";
import { Money } from "#ui/money.tsx";

const TOKENS = ["inputTokens", "outputTokens", "cacheReadTokens"] as const;

interface UsageTableProps {
  group: UsageGroup;
  rows: UsageRow[];
  total: Usage["total"];
  openReceipt: (runId: string) => void;
}

export function UsageTable({ group, rows, total, openReceipt }: UsageTableProps) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const name = useRowName(group, openReceipt);
  if (rows.length === 0) return <p className={classes.none}>{t("none")}</p>;
  const sorted =
    group === "day" ? [...rows].reverse() : [...rows].sort((a, b) => b.costMicroUsd - a.costMicroUsd);
  return (
    <Table.ScrollContainer minWidth={280} type="native" tabIndex={0} role="region" aria-label={t("detail")}>
      <Table classNames={{ th: classes.th, td: classes.td }} highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(`group.${group}`)}</Table.Th>
            <Table.Th data-number>{t("calls")}</Table.Th>
            {TOKENS.map((column) => (
              <Table.Th key={column} data-number data-wide>
                {t(column)}
              </Table.Th>
            ))}
            <Table.Th data-number>{t("cost")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((row) => (
            <Table.Tr key={row.key}>
              <Table.Td className={classes.named}>
                {name(row.key)}
                <NarrowTokens of={row} counts={TOKENS} />
              </Table.Td>
              <Table.Td data-number>{format.number(row.calls)}</Table.Td>
              {TOKENS.map((column) => (
                <Table.Td key={column} data-number data-wide>
                  {format.number(row[column])}
                </Table.Td>
              ))}
              <Table.Td data-number>
                <Money microUsd={row.costMicroUsd} digits={4} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th className={classes.named}>
              {t("total")}
              <NarrowTokens of={total} counts={TOKENS} />
            </Table.Th>
            <Table.Th data-number>{format.number(total.calls)}</Table.Th>
            {TOKENS.map((column) => (
              <Table.Th key={column} data-number data-wide>
                {format.number(total[column])}
              </Table.Th>
            ))}
            <Table.Th data-number>
              <Money microUsd={total.costMicroUsd} digits={4} />
            </Table.Th>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Table.ScrollContainer>
  );
}

/** As many characters of an id as a person compares. */
const SHORT_ID = 8;

function useRowName(group: UsageGroup, openReceipt: (runId: string) => void) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const agents = useAgents().data ?? [];
  return (key: string | null) => {
    if (key === null) return t("noOne");
    if (group === "day") {
      return format.dateTime(new Date(`${key}T12:00:00Z`), { dateStyle: "medium", timeZone: "UTC" });
    }
    if (group === "run") {
      return (
        <button
          type="button"
          className={classes.open}
          title={key}
          aria-label={t("receiptOf", { run: key.slice(-SHORT_ID) })}
          onClick={() => openReceipt(key)}
        >
          <code>{key.slice(-SHORT_ID)}</code>
        </button>
      );
    }
    if (group === "model") return <code>{key}</code>;
    const agent = agents.find(({ id }) => id === key);
    return agent ? <Link href={`/agents/${key}`}>{agent.name}</Link> : t("deletedAgent");
  };
}
