"use client";

import { Modal, Table } from "@mantine/core";
import { useFormatter, useTranslations } from "next-intl";
import type { Receipt as ReceiptShape } from "#api/schema/usage.ts";
import { useReceipt } from "#app/_data/use-account.ts";
import { ProblemState } from "#app/_shell/problem-state.tsx";
import { readStepKey, useStepWords } from "#app/_shell/step-words.ts";
import { NarrowTokens } from "#app/(desk)/usage/narrow-tokens.tsx";
import classes from "#app/(desk)/usage/usage.module.css";
import { Money } from "#ui/money.tsx";
import { ShapeLines } from "#ui/shapes.tsx";

/** What a run cost, line by line; it grows while the run goes on. */
export function Receipt({ runId, close }: { runId: string | null; close: () => void }) {
  const t = useTranslations("usage");
  const receipt = useReceipt(runId);
  return (
    <Modal opened={runId !== null} onClose={close} size="xl" title={t("receipt")}>
      {receipt.isLoadingError ? <ProblemState problem={receipt.error} /> : null}
      {receipt.isPending ? <ShapeLines count={4} /> : null}
      {receipt.data ? <Lines receipt={receipt.data} /> : null}
    </Modal>
  );
}

function Lines({ receipt }: { receipt: ReceiptShape }) {
  const t = useTranslations("usage");
  const format = useFormatter();
  const stepName = useStepName();
  const sum = (column: "calls" | "inputTokens" | "outputTokens") =>
    receipt.lines.reduce((total, line) => total + line[column], 0);
  return (
    <>
      <Table.ScrollContainer
        minWidth={280}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={t("receipt")}
      >
        <Table classNames={{ th: classes.th, td: classes.td }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("step")}</Table.Th>
              <Table.Th data-number>{t("calls")}</Table.Th>
              <Table.Th data-number data-wide>
                {t("inputTokens")}
              </Table.Th>
              <Table.Th data-number data-wide>
                {t("outputTokens")}
              </Table.Th>
              <Table.Th data-number>{t("cost")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {receipt.lines.map((line) => (
              <Table.Tr key={`${line.stepKey} ${line.model}`}>
                <Table.Td className={classes.wraps}>
                  {stepName(line.stepKey)}
                  <code className={classes.reason}>{line.model}</code>
                  <NarrowTokens of={line} counts={["inputTokens", "outputTokens"]} />
                  {line.reasons.map((reason) => (
                    <span key={reason} className={classes.reason}>
                      {reason}
                    </span>
                  ))}
                </Table.Td>
                <Table.Td data-number>{format.number(line.calls)}</Table.Td>
                <Table.Td data-number data-wide>
                  {format.number(line.inputTokens)}
                </Table.Td>
                <Table.Td data-number data-wide>
                  {format.number(line.outputTokens)}
                </Table.Td>
                <Table.Td data-number>
                  {line.estimated ? "≈ " : ""}
                  <Money microUsd={line.costMicroUsd} digits={6} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>{t("total")}</Table.Th>
              <Table.Th data-number>{format.number(sum("calls"))}</Table.Th>
              <Table.Th data-number data-wide>
                {format.number(sum("inputTokens"))}
              </Table.Th>
              <Table.Th data-number data-wide>
                {format.number(sum("outputTokens"))}
              </Table.Th>
              <Table.Th data-number>
                <Money microUsd={receipt.costMicroUsd} digits={6} />
              </Table.Th>
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </Table.ScrollContainer>
      <p className={classes.note}>
        {receipt.ceilingMicroUsd === null
          ? t("noCeiling")
          : t.rich("ceiling", { cap: () => <Money microUsd={receipt.ceilingMicroUsd ?? 0} /> })}{" "}
        {receipt.reservedMicroUsd > 0
          ? t.rich("held", { sum: () => <Money microUsd={receipt.reservedMicroUsd} digits={6} /> })
          : null}
      </p>
      <TokensPerLine receipt={receipt} />
    </>
  );
}

/** What was bought for each line that was accepted, once a result was. */
function TokensPerLine({ receipt: { lines, acceptedLines } }: { receipt: ReceiptShape }) {
  const t = useTranslations("usage");
  const sum = (column: "inputTokens" | "outputTokens" | "cacheReadTokens" | "cacheWriteTokens") =>
    lines.reduce((total, line) => total + line[column], 0);
  const [read, written] = [sum("cacheReadTokens"), sum("cacheWriteTokens")];
  const tokens = sum("inputTokens") + sum("outputTokens") + read + written;
  return (
    <p className={classes.note}>
      {read + written > 0 ? `${t("cached", { read, written })} ` : null}
      {acceptedLines
        ? t("perLine", { tokens, lines: acceptedLines, each: Math.round(tokens / acceptedLines) })
        : null}
    </p>
  );
}

function useStepName() {
  const t = useTranslations("usage");
  const words = useStepWords();
  return (key: string | null) => {
    if (key === null) return t("noStep");
    const { round } = readStepKey(key);
    const line = words.line({ key, title: key });
    return round > 1 ? t("inRound", { step: line, round }) : line;
  };
}
