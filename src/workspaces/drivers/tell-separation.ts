import type { HostReport } from "#workspaces/driver.ts";
import type { ProbeAnswer } from "#workspaces/drivers/probe-script.ts";

/** What was found of agents that try to reach each other. `why`: why there is no helper that keeps them apart. Pure. */
export function tellSeparation(
  tried: ProbeAnswer["separation"],
  why: string,
  { enforced, notEnforced }: Pick<HostReport, "enforced" | "notEnforced">,
): void {
  const shares = "share of each agent in memory and processes";
  if (tried === null) notEnforced.push(`separation of agents: ${why}`, `${shares}: the same`);
  else enforced.push(shares);
  if (tried === null) return;
  if (tried.works && tried.files && tried.processes)
    enforced.push("separation of agents: files, journals, environments and memory of each other's processes");
  else
    notEnforced.push(
      `separation of agents: Landlock of Linux 6.2 is needed and not refused by a filter (found: version ${tried.version})`,
    );
  if (tried.signals) enforced.push("signals between agents: refused");
  else notEnforced.push("signals between agents: Linux 6.12 is needed to refuse them");
}
