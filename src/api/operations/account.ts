import { changeProfile } from "#accounts/change-profile.ts";
import { ok, operation } from "#api/operation.ts";
import { Budget, BudgetChange, Limits, Me, MeChange } from "#api/schema/account.ts";
import { readBudget, setBudget } from "#ledger/monthly-budget.ts";
import { AppError } from "#platform/errors.ts";
import { tierOf } from "#tiers/tiers.ts";

export const readMe = operation({
  id: "readMe",
  method: "GET",
  path: "/me",
  scope: "api:read",
  tag: "Account",
  summary: "Who is signed in",
  responses: { 200: { description: "You", schema: Me } },
  async handle({ identity, parts }) {
    return ok(meOf(identity.userId, identity.role, identity.user, parts.mode));
  },
});

export const changeMe = operation({
  id: "changeMe",
  method: "PATCH",
  path: "/me",
  scope: "api",
  tag: "Account",
  summary: "Change name, language or time zone",
  body: MeChange,
  responses: { 200: { description: "You, as changed", schema: Me } },
  async handle({ identity, parts, body }) {
    const user = await changeProfile(parts.db, identity.userId, body);
    return ok(meOf(identity.userId, identity.role, user, parts.mode));
  },
});

export const readLimits = operation({
  id: "readLimits",
  method: "GET",
  path: "/limits",
  scope: "api:read",
  tag: "Account",
  summary: "What the tier allows and what is used of it",
  responses: { 200: { description: "The limits", schema: Limits } },
  async handle({ identity, parts }) {
    const [quota, budget] = await Promise.all([
      parts.db.prisma.quota.findUnique({ where: { userId: identity.userId } }),
      readBudget(parts.db, identity.userId),
    ]);
    if (!quota) throw new AppError("internal", "This account has no quota row.");
    const { monthlyMicroUsd, spentMicroUsd, reservedMicroUsd } = budget;
    const limits: Limits = {
      tier: identity.user.tier,
      agents: { used: quota.agents, limit: quota.maxAgents },
      runs: { used: quota.running, limit: quota.maxRuns },
      workspace: { ...tierOf(identity.user.tier).workspace },
      budget: { monthlyMicroUsd, spentMicroUsd, reservedMicroUsd },
    };
    return ok(limits);
  },
});

export const changeBudget = operation({
  id: "changeBudget",
  method: "PUT",
  path: "/budget",
  scope: "api",
  tag: "Money",
  summary: "Set your own monthly cap on model calls; no higher than the tier's",
  body: BudgetChange,
  responses: { 200: { description: "The budget, as changed", schema: Budget } },
  async handle({ identity, parts, body }) {
    const budget = await setBudget(parts.db, identity.userId, body.monthlyMicroUsd);
    const { monthlyMicroUsd, spentMicroUsd, reservedMicroUsd } = budget;
    return ok({ monthlyMicroUsd, spentMicroUsd, reservedMicroUsd } satisfies Budget);
  },
});

function meOf(
  id: string,
  role: Me["role"],
  user: Pick<Me, "email" | "name" | "tier" | "locale" | "timeZone">,
  mode: Me["mode"],
): Me {
  const { email, name, tier, locale, timeZone } = user;
  return { id, email, name, role, locale, timeZone, tier, mode };
}
