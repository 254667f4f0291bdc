import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/**
 * Writes what GitHub's published description says of the requests that Carrel makes to test/fakes/github/requests.json,
 * by which the fake checks each of them. The package holds 385 MB, too much for every checkout: run this again after a
 * change of the list or of the version (`node test/support/github-description.ts`).
 */
const DESCRIPTION = "@octokit/openapi@23.0.2";
const DIRECTORY = path.resolve("node_modules/.cache/carrel-github-description");
const TARGET = path.resolve("test/fakes/github/requests.json");

const OPERATIONS = [
  "POST /app-manifests/{code}/conversions",
  "GET /app",
  "GET /app/installations/{installation_id}",
  "POST /app/installations/{installation_id}/access_tokens",
  "GET /installation/repositories",
  "DELETE /installation/token",
  "DELETE /applications/{client_id}/token",
  "GET /user",
  "GET /user/installations",
  "GET /user/installations/{installation_id}/repositories",
  "GET /rate_limit",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/branches",
  "GET /repos/{owner}/{repo}/branches/{branch}",
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission",
  "GET /repos/{owner}/{repo}/commits/{ref}",
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs",
  "GET /repos/{owner}/{repo}/compare/{basehead}",
  "GET /repos/{owner}/{repo}/contents/{path}",
  "PUT /repos/{owner}/{repo}/contents/{path}",
  "POST /repos/{owner}/{repo}/git/blobs",
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
  "POST /repos/{owner}/{repo}/git/commits",
  "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
  "GET /repos/{owner}/{repo}/git/ref/{ref}",
  "POST /repos/{owner}/{repo}/git/refs",
  "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
  "DELETE /repos/{owner}/{repo}/git/refs/{ref}",
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
  "POST /repos/{owner}/{repo}/git/trees",
  "GET /repos/{owner}/{repo}/pulls",
  "POST /repos/{owner}/{repo}/pulls",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}",
  "PATCH /repos/{owner}/{repo}/pulls/{pull_number}",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/comments",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
];

interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  schema: unknown;
}

interface Described {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Record<string, { schema?: unknown }> };
}

async function readDescription(): Promise<Record<string, Record<string, Described>>> {
  const file = path.join(DIRECTORY, "node_modules/@octokit/openapi/generated/api.github.com.deref.json");
  if (!existsSync(file)) {
    await mkdir(DIRECTORY, { recursive: true });
    await writeFile(path.join(DIRECTORY, "package.json"), "{}");
    const options = ["install", "--no-audit", "--no-fund", "--loglevel=error", DESCRIPTION];
    await promisify(execFile)("npm", options, { cwd: DIRECTORY });
  }
  return JSON.parse(await readFile(file, "utf8")).paths;
}

function requestOf({ parameters = [], requestBody }: Described) {
  const described = parameters.filter((parameter) => parameter.in === "query");
  return {
    query: Object.fromEntries(described.map(({ name, schema }) => [name, withoutProse(schema)])),
    required: described.filter((parameter) => parameter.required).map(({ name }) => name),
    body: withoutProse(requestBody?.content["application/json"]?.schema ?? null),
    bodyRequired: requestBody?.required ?? false,
  };
}

/** What is only for readers, and what JSON Schema does not know. */
function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) =>
      !((key === "description" || key === "title") && typeof inner === "string") &&
      !["example", "examples", "externalDocs", "deprecated"].includes(key) &&
      !key.startsWith("x-"),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutProse(inner)]));
}

const paths = await readDescription();
const requests = OPERATIONS.map((operation) => {
  const [method = "", url = ""] = operation.split(" ");
  const described = paths[url]?.[method.toLowerCase()];
  if (!described) throw new Error(`The description has no ${operation}`);
  return [operation, requestOf(described)] as const;
});
await writeFile(TARGET, `${JSON.stringify(Object.fromEntries(requests), null, 1)}\n`);
