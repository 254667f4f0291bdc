// From where the command runs, so that it holds wherever a workspace keeps the project. Its home is the project's own
// directory, of which no cache and no store of packages shall become a part.
const SCRIPT = `mkdir -p .carrel 2>/dev/null
PATH="$PWD/.venv/bin:$PWD/node_modules/.bin:$PATH"
XDG_CACHE_HOME="$TMPDIR/.cache"
XDG_DATA_HOME="$TMPDIR/.local/share"
XDG_STATE_HOME="$TMPDIR/.local/state"
npm_config_cache="$TMPDIR/.npm"
export PATH XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME npm_config_cache
exec "$@"`;

/** The command as it is run: what the project has installed for itself is found before what the workspace has. */
export function inProject(argv: string[]): string[] {
  return ["sh", "-c", SCRIPT, "sh", ...argv];
}

/** Where a command leaves what it has to say for machines; no part of any result, and of no other process. */
export function reportPath(processId: string): string {
  return `.carrel/${processId}`;
}
