import type { ServerHttp2Stream } from "node:http2";
import { Refusal, toRefusal } from "./refusal.ts";
import { SETTINGS } from "./settings.ts";

export function answerJson(stream: ServerHttp2Stream, body: unknown, status = 200): void {
  if (stream.destroyed || stream.headersSent) return;
  stream.respond({ ":status": status, "content-type": "application/json" });
  stream.end(JSON.stringify(body));
}

export function answerError(stream: ServerHttp2Stream, error: unknown): void {
  if (stream.headersSent) {
    stream.destroy();
    return;
  }
  const refusal = toRefusal(error);
  answerJson(stream, { error: refusal.message }, refusal.status);
}

/** @throws Refusal 400 when it is not a JSON object, 413 when it is too large */
export async function readJson(stream: ServerHttp2Stream): Promise<Record<string, unknown>> {
  const text = (await readBody(stream)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw new Refusal(400, `The request is not JSON: ${(error as Error).message}`);
  }
  throw new Refusal(400, "The request is not a JSON object");
}

/** By events: an iterator left early would destroy the stream that is to carry the answer. */
function readBody(stream: ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= SETTINGS.bodyLimit) chunks.push(chunk);
      else reject(new Refusal(413, "The request is too large"));
    });
    stream.once("end", () => resolve(Buffer.concat(chunks)));
    stream.once("aborted", () => reject(new Refusal(400, "The request was broken off")));
    stream.once("error", reject);
  });
}
