import { readFileSync } from "node:fs";
import path from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

interface Described {
  query: Record<string, object>;
  required: string[];
  body: object | null;
  bodyRequired: boolean;
}

interface Checked extends Described {
  operation: string;
  pattern: RegExp;
  checkBody: ValidateFunction | null;
  checkQuery: ValidateFunction;
}

const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: false, validateFormats: false });
const ajvForQuery = new Ajv({ strict: false, coerceTypes: "array", validateFormats: false });

const FILE = path.join(import.meta.dirname, "requests.json");
const OPERATIONS: Checked[] = Object.entries(
  JSON.parse(readFileSync(FILE, "utf8")) as Record<string, Described>,
).map(([operation, described]) => ({
  ...described,
  operation,
  pattern: patternOf(operation),
  checkBody: described.body && ajv.compile({ ...described.body, additionalProperties: false }),
  checkQuery: ajvForQuery.compile({
    type: "object",
    properties: described.query,
    required: described.required,
    additionalProperties: false,
  }),
}));

/** What a request does against GitHub's published description, in words; null: it keeps to it. */
export function checkRequest(method: string, url: URL, body: unknown): string | null {
  const asked = `${method} ${url.pathname}`;
  const operation = OPERATIONS.find(({ pattern }) => pattern.test(asked));
  if (!operation) return `${asked}: not among the requests that the description was asked for`;
  const query = Object.fromEntries(url.searchParams);
  if (!operation.checkQuery(query))
    return `${asked}: ${ajv.errorsText(operation.checkQuery.errors)} in its query`;
  if (body === undefined) return operation.bodyRequired ? `${asked}: has no body` : null;
  if (!operation.checkBody) return `${asked}: takes no body`;
  if (!operation.checkBody(body))
    return `${asked}: ${ajv.errorsText(operation.checkBody.errors)} in its body`;
  return null;
}

function patternOf(operation: string): RegExp {
  // A path or a ref may hold slashes; everything else is one part of the address.
  const source = operation.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    ["path", "ref", "branch", "basehead"].includes(name) ? "[^?]+?" : "[^/?]+",
  );
  return new RegExp(`^${source}$`);
}
