import { z } from "zod";
import * as account from "#api/schema/account.ts";
import * as agent from "#api/schema/agent.ts";
import * as codeImport from "#api/schema/code-import.ts";
import * as connection from "#api/schema/connection.ts";
import * as egress from "#api/schema/egress.ts";
import * as github from "#api/schema/github.ts";
import * as message from "#api/schema/message.ts";
import * as problem from "#api/schema/problem.ts";
import * as providerKey from "#api/schema/provider-key.ts";
import * as run from "#api/schema/run.ts";
import * as token from "#api/schema/token.ts";
import * as usage from "#api/schema/usage.ts";
import * as version from "#api/schema/version.ts";
import * as workspace from "#api/schema/workspace.ts";

type Json = Record<string, unknown>;

// What the schema files export by name is a component by that name.
const registry = z.registry<{ id: string }>();
const names = new Map<z.ZodType, string>();
for (const file of [
  account,
  agent,
  codeImport,
  connection,
  egress,
  github,
  message,
  problem,
  providerKey,
  run,
  token,
  usage,
  version,
  workspace,
]) {
  for (const [id, schema] of Object.entries(file)) {
    if (!(schema instanceof z.ZodType) || id.endsWith("Query")) continue;
    registry.add(schema, { id });
    names.set(schema, id);
  }
}

const uri = (id: string) => `#/components/schemas/${id}`;

/** Request bodies are described as what may be sent, everything else as what is answered. */
const INPUTS = new Set([
  "MeChange",
  "BudgetChange",
  "NewAgent",
  "AgentChange",
  "NewMessage",
  "ReviewAnswer",
  "EgressChoice",
  "Snippet",
  "NewToken",
  "RepositoryChoice",
  "NewGitHubApp",
  "NewProviderKey",
  "NewCodeImport",
]);

export function componentSchemas(): Record<string, Json> {
  const output = z.toJSONSchema(registry, { uri, io: "output", unrepresentable: "any" }).schemas;
  const input = z.toJSONSchema(registry, { uri, io: "input", unrepresentable: "any" }).schemas;
  return Object.fromEntries(
    Object.keys(output)
      .sort()
      .map((id) => [id, bare((INPUTS.has(id) ? input : output)[id] as Json)]),
  );
}

/** A reference where the schema has a name, else the schema itself. */
export function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const name = names.get(schema);
  return name ? { $ref: uri(name) } : bare(z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Json);
}

// Inside a document, $id and $schema would turn references away from it.
function bare({ $id: _id, $schema: _schema, ...rest }: Json): Json {
  return rest;
}
