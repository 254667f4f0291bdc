import type { Operation } from "#api/operation.ts";
import * as account from "#api/operations/account.ts";
import * as agents from "#api/operations/agents.ts";
import * as connections from "#api/operations/connections.ts";
import * as files from "#api/operations/files.ts";
import * as messages from "#api/operations/messages.ts";
import * as runs from "#api/operations/runs.ts";
import * as tokens from "#api/operations/tokens.ts";
import * as usage from "#api/operations/usage.ts";
import * as versions from "#api/operations/versions.ts";
import * as workspace from "#api/operations/workspace.ts";

/** Every operation of the API, in the document's order. What is exported by these files is served. */
export const OPERATIONS: readonly Operation[] = [
  account,
  agents,
  messages,
  runs,
  files,
  versions,
  workspace,
  usage,
  tokens,
  connections,
].flatMap((room): Operation[] => Object.values(room) as Operation[]);
