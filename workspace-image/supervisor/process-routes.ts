import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:os";
import { answerJson, readJson } from "./answers.ts";
import { readAgentId, readProcessSpec } from "./process-spec.ts";
import type { Processes } from "./processes.ts";
import { Refusal } from "./refusal.ts";
import type { Places } from "./settings.ts";

export interface ProcessRequest {
  stream: ServerHttp2Stream;
  agent: string;
  /** the caller's id, hashed */
  id: string;
  query: URLSearchParams;
}

/** @throws Refusal 400 */
export function processKey(agent: string, id: string): string {
  if (!/^[0-9a-f]{16,64}$/.test(id)) throw new Refusal(400, "The process id is not a hash");
  return `${readAgentId(agent)}/${id}`;
}

export async function startProcess(
  places: Places,
  processes: Processes,
  request: ProcessRequest,
): Promise<void> {
  const key = processKey(request.agent, request.id);
  const spec = readProcessSpec(places, { ...(await readJson(request.stream)), agent: request.agent });
  const answer = processes.start(key, spec);
  answerJson(request.stream, answer, answer.started ? 201 : 200);
}

/** Lines of JSON, live, the exit last. What is kept of a process is bounded, so is what waits in this stream. */
export function streamEvents(processes: Processes, { stream, agent, id, query }: ProcessRequest): void {
  const after = Number(query.get("after") ?? 0);
  if (!Number.isSafeInteger(after) || after < 0) throw new Refusal(400, "after is not a sequence number");
  const past: string[] = [];
  let live = false;
  let ended = false;
  const stop = processes.watch(processKey(agent, id), after, (line) => {
    const text = `${JSON.stringify(line)}\n`;
    if (!live) past.push(text);
    else if (!stream.destroyed) stream.write(text);
    if ("exit" in line) ended = true;
    if (live && ended) stream.end();
  });
  stream.once("close", stop);
  stream.respond({ ":status": 200, "content-type": "application/x-ndjson" });
  if (past.length > 0) stream.write(past.join(""));
  live = true;
  if (ended) stream.end();
}

export async function signalProcess(processes: Processes, request: ProcessRequest): Promise<void> {
  const { signal } = await readJson(request.stream);
  if (typeof signal !== "string" || !(signal in constants.signals))
    throw new Refusal(400, "There is no such signal");
  processes.signal(processKey(request.agent, request.id), signal as NodeJS.Signals);
  answerJson(request.stream, {});
}

export async function acknowledgeProcess(processes: Processes, request: ProcessRequest): Promise<void> {
  await processes.acknowledge(processKey(request.agent, request.id));
  answerJson(request.stream, {});
}
