import { expect } from "vitest";
import type { CodeImport } from "#api/schema/code-import.ts";
import type { Answer, ApiClient } from "./api-client.ts";

type Import = NonNullable<CodeImport["import"]>;

export async function newAgent(client: ApiClient, settings: object = {}): Promise<string> {
  return (await client.call("POST", "/agents", { json: { name: "Code", ...settings } })).body.id;
}

export function upload(
  client: ApiClient,
  agentId: string,
  bytes: Buffer,
  options: { name?: string; branch?: string; key?: string } = {},
): Promise<Answer> {
  const query = new URLSearchParams({ name: options.name ?? "project.zip" });
  if (options.branch) query.set("branch", options.branch);
  return client.call("POST", `/agents/${agentId}/import/upload?${query}`, {
    body: new Uint8Array(bytes),
    ...(options.key && { headers: { "idempotency-key": options.key } }),
  });
}

/** As the import is once it is at its end. */
export async function ended(client: ApiClient, agentId: string): Promise<Import> {
  const read = async (): Promise<Import> =>
    (await client.call("GET", `/agents/${agentId}/import`)).body.import;
  await expect
    .poll(async () => (await read()).state, { timeout: 120_000, interval: 100 })
    .toMatch(/^(done|failed)$/);
  return read();
}

/** Everything below the agent's directory, hidden or not: files with their content, and what else there is. */
export async function directoryOf(client: ApiClient, agentId: string): Promise<Record<string, string>> {
  // A directory's own listing hides nothing, a recursive one what tools install.
  const own = (await client.call("GET", `/agents/${agentId}/files`)).body.files;
  const all = (await client.call("GET", `/agents/${agentId}/files?recursive=true`)).body.files;
  const found: Record<string, string> = {};
  for (const { path, type } of [...own, ...all] as { path: string; type: string }[]) {
    if (type === "directory") found[`${path}/`] = "";
    else
      found[path] = String(
        (await client.call("GET", `/agents/${agentId}/files/content?path=${encodeURIComponent(path)}`)).body,
      );
  }
  return found;
}
