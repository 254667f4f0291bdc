import type { SandboxPlan } from "#workspaces/drivers/local/sandbox-plan.ts";

/** prlimit(1) in front of a command: soft and hard, so that nothing inside can raise them. */
export function withLimits(limits: SandboxPlan["limits"], command: string[]): string[] {
  return [
    "prlimit",
    ...Object.entries(limits).map(([name, value]) => `--${name}=${value}:${value}`),
    "--",
    ...command,
  ];
}

/**
 * Nothing that can be gained is left: no capability in any set, none by a setuid program. The change of user forgets
 * that the death of the launcher ends this process; it is said again.
 */
export const DROP_ALL = [
  "--bounding-set=-all",
  "--inh-caps=-all",
  "--ambient-caps=-all",
  "--no-new-privs",
  "--pdeathsig=KILL",
];

export function becomeUser(uid: number): string[] {
  return ["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups", ...DROP_ALL, "--"];
}

// Enters the control groups before anything else, so that every later process is counted from the first.
const ENTER = 'while [ "$1" != -- ]; do echo $$ > "$1" || exit 125; shift; done; shift; exec "$@"';

export function inCgroups(files: string[], command: string[]): string[] {
  return files.length === 0 ? command : ["/bin/sh", "-c", ENTER, "carrel", ...files, "--", ...command];
}
