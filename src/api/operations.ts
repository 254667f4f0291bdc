import type { Operation } from "#api/operation.ts";
import * as account from "#api/operations/account.ts";
import * as agents from "#api/operations/agents.ts";
import * as connections from "#api/operations/connections.ts";
import * as egress from "#api/operations/egress.ts";
import * as environment from "#api/operations/environment.ts";
import * as files from "#api/operations/files.ts";
import * as github from "#api/operations/github.ts";
import * as imports from "#api/operations/imports.ts";
import * as messages from "#api/operations/messages.ts";
import * as providerKeys from "#api/operations/provider-keys.ts";
import * as repairs from "#api/operations/repairs.ts";
import * as runs from "#api/operations/runs.ts";
import * as tokens from "#api/operations/tokens.ts";
import * as usage from "#api/operations/usage.ts";
import * as versions from "#api/operations/versions.ts";
import * as workspace from "#api/operations/workspace.ts";

/** Every operation of the API, in the document's order. What is exported by these files is served. */
export const OPERATIONS: readonly Operation[] = [
  account,
  agents,
  environment,
  messages,
  runs,
  files,
  versions,
  repairs,
  workspace,
  egress,
  usage,
  providerKeys,
  tokens,
  connections,
  github,
  imports,
].flatMap((room): Operation[] => Object.values(room) as Operation[]);
