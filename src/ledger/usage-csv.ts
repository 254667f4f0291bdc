import type { UsagePeriod } from "#ledger/read-usage.ts";
import type { Database } from "#platform/db.ts";

const COLUMNS = [
  "at",
  "kind",
  "agent_id",
  "run_id",
  "step_key",
  "provider",
  "model",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_micro_usd",
  "estimated",
  "reason",
] as const;

const PAGE = 1000;

type Row = Record<(typeof COLUMNS)[number], unknown> & { id: number };

/** The ledger of a period as lines of CSV (RFC 4180), header first, oldest entry first; reads it page by page. */
export async function* usageCsv(
  db: Database,
  userId: string,
  period: Pick<UsagePeriod, "from" | "to">,
): AsyncGenerator<string> {
  yield line([...COLUMNS]);
  let after = 0;
  for (;;) {
    const { rows } = await db.pool.query<Row>(
      `SELECT id, ${COLUMNS.join(", ")} FROM ledger_entries
       WHERE user_id = $1 AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
         AND id > $4 ORDER BY id LIMIT ${PAGE}`,
      [userId, period.from, period.to, after],
    );
    for (const row of rows) yield line(COLUMNS.map((column) => row[column]));
    after = rows.at(-1)?.id ?? after;
    if (rows.length < PAGE) return;
  }
}

function line(values: unknown[]): string {
  return `${values.map(field).join(",")}\r\n`;
}

function field(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "string") return String(value);
  // A spreadsheet would run a text that begins like a formula: the quote mark keeps it a text.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
