/** A cap that a call stands against. `limit` in micro-dollars; null: no cap, only a sum. */
export interface Cap {
  scope: string;
  limit: number | null;
}

/** Who a call is for. Agent, run and step are null for a call with a personal token. */
export interface Bearer {
  userId: string;
  agentId: string | null;
  runId: string | null;
  stepKey: string | null;
}

/** The calendar month in UTC, yyyy-mm. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

export function userMonthScope(userId: string, at: Date): string {
  return `user:${userId}:${monthOf(at)}`;
}

/** Where a user's own monthly budget stands; it holds a limit only, never a sum. */
export function ownBudgetScope(userId: string): string {
  return `user:${userId}`;
}

/** Every cap that applies to a call, in the order in which their rows are locked. */
export function capsFor(
  bearer: Bearer,
  limits: { run: number | null; agent: number | null; userMonth: number | null; siteMonth: number | null },
  at: Date,
): Cap[] {
  const caps: Cap[] = [
    { scope: userMonthScope(bearer.userId, at), limit: limits.userMonth },
    { scope: `site:${monthOf(at)}`, limit: limits.siteMonth },
  ];
  if (bearer.agentId) caps.push({ scope: `agent:${bearer.agentId}`, limit: limits.agent });
  if (bearer.runId) caps.push({ scope: `run:${bearer.runId}`, limit: limits.run });
  return caps.sort((a, b) => (a.scope < b.scope ? -1 : 1));
}
