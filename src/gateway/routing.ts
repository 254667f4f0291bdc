import { z } from "zod";

const Complexity = z.enum(["low", "medium", "high"]);
const Choice = z.union([z.string().min(1), z.partialRecord(Complexity, z.string().min(1))]);

/** Which model plays a role: one for all, or one for each complexity. */
export const RoleModels = z.record(z.string(), Choice);
export type RoleModels = z.infer<typeof RoleModels>;

/** What an operator decides about models, beside who offers them. */
export const Routing = z.strictObject({
  /** e.g. {"architect": "claude-opus-5-5", "implementer": {"low": "claude-haiku-5-5", "high": "claude-sonnet-5-5"}} */
  roles: RoleModels.default({}),
  /** who is asked, in this order, when a model cannot answer */
  fallbacks: z.record(z.string(), z.array(z.string().min(1)).max(5)).default({}),
});
export type Routing = z.infer<typeof Routing>;

export const NO_ROUTING: Routing = { roles: {}, fallbacks: {} };

const ROLE = /^carrel\/([a-z]+)(?:\/(low|medium|high))?$/;

/**
 * The model that a name means: `carrel/<role>` and `carrel/<role>/<complexity>` are looked up, first for the agent, then
 * for the installation; every other name is a model's own. Null: nobody plays that role.
 */
export function resolveModel(name: string, agent: RoleModels, site: RoleModels): string | null {
  const [, role, complexity] = ROLE.exec(name) ?? [];
  if (role === undefined) return name;
  for (const roles of [agent, site]) {
    const found = pick(roles[role] ?? roles.default, complexity as z.infer<typeof Complexity> | undefined);
    if (found !== undefined) return found;
  }
  return null;
}

function pick(
  choice: RoleModels[string] | undefined,
  complexity: z.infer<typeof Complexity> | undefined,
): string | undefined {
  if (choice === undefined || typeof choice === "string") return choice;
  return choice[complexity ?? "medium"] ?? choice.medium ?? choice.high ?? choice.low;
}
