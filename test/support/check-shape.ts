import { isDeepStrictEqual } from "node:util";
import { OPERATIONS } from "#api/operations.ts";

const TABLE = OPERATIONS.map((operation) => ({
  operation,
  pattern: new RegExp(`^${operation.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** Whether a good answer is what the API's own description says: status, shape, and no field besides. */
export function checkShape(method: string, path: string, status: number, body: unknown): void {
  if (status >= 400) return;
  const bare = path.split("?")[0] as string;
  const found = TABLE.find(({ operation, pattern }) => operation.method === method && pattern.test(bare));
  if (!found) throw new Error(`${method} ${path} was answered, but is not in the table`);
  const response = found.operation.responses[status];
  const where = `${method} ${path} answered ${status}`;
  if (!response) throw new Error(`${where}, which is not described`);
  if (!response.schema) {
    if (!response.content && body !== "") throw new Error(`${where} with a body`);
    return;
  }
  const parsed = response.schema.safeParse(body);
  if (!parsed.success) throw new Error(`${where} in another shape: ${parsed.error.message}`);
  if (!isDeepStrictEqual(parsed.data, body)) {
    throw new Error(`${where} with fields that are not described: ${JSON.stringify(body)}`);
  }
}
