import { isAppError } from "#platform/errors.ts";
import type { Connection } from "#workspaces/connection.ts";
import type { Call } from "#workspaces/link/link.ts";

/**
 * A call that changes nothing. Where the link breaks under it (the workspace fell, and is started again) it is made
 * once more: who only looks need not know.
 */
export async function look(connection: Connection, call: Omit<Call, "method" | "body">): Promise<Buffer> {
  const link = await connection.link();
  try {
    return await link.call({ ...call, method: "GET" });
  } catch (error) {
    if (!isAppError(error) || error.code !== "unavailable") throw error;
    return await (await connection.link()).call({ ...call, method: "GET" });
  }
}
