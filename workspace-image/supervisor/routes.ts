import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { answerJson } from "./answers.ts";
import { diskUsage } from "./disk-usage.ts";
import { answerExec } from "./exec-route.ts";
import type { FenceGate } from "./fence.ts";
import { receiveFile, removeFile, sendFile } from "./file-routes.ts";
import { keepOpen } from "./keep-open.ts";
import { listFiles } from "./list-files.ts";
import { memoryKills } from "./memory-kills.ts";
import type { Starting } from "./process-group.ts";
import { acknowledgeProcess, signalProcess, startProcess, streamEvents } from "./process-routes.ts";
import { readAgentId } from "./process-spec.ts";
import type { Processes } from "./processes.ts";
import { Refusal } from "./refusal.ts";
import type { ReverseLink } from "./reverse-link.ts";
import { agentDirectory, type Places } from "./settings.ts";

export interface Services {
  places: Places;
  gate: FenceGate;
  starting: Starting;
  processes: Processes;
  reverse: ReverseLink;
  languages: Promise<Record<string, string>>;
}

interface Call {
  stream: ServerHttp2Stream;
  headers: IncomingHttpHeaders;
  query: URLSearchParams;
  services: Services;
}

/** @throws Refusal 404 for an unknown call, and whatever the call itself refuses */
export async function route(
  services: Services,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<void> {
  if (!stream.session) return;
  services.gate.admit(stream.session, headers["x-carrel-fence"]);
  keepOpen(services.places.workspace);
  const url = new URL(String(headers[":path"]), "http://workspace");
  const [version, noun, agent, what, id, verb] = url.pathname.slice(1).split("/");
  const call: Call = { stream, headers, query: url.searchParams, services };
  const method = String(headers[":method"]);
  if (version !== "v1") throw new Refusal(404, "There is no such call");
  if (noun === "agents" && agent !== undefined)
    return routeAgent(call, method, readAgentId(agent), what, id, verb);
  switch (`${method} ${noun}`) {
    case "GET health":
      return answerHealth(call);
    case "GET disk":
      return answerJson(stream, { bytes: await diskUsage(services.places.workspace) });
    case "GET memory-kills":
      return answerJson(stream, { kills: await memoryKills() });
    case "POST exec":
      return answerExec(services.starting, stream);
    default:
      throw new Refusal(404, "There is no such call");
  }
}

async function answerHealth({ stream, services }: Call): Promise<void> {
  answerJson(stream, {
    languages: await services.languages,
    processes: services.processes.count(),
    reverse: services.reverse.connected,
    residentBytes: process.memoryUsage.rss(),
  });
}

async function routeAgent(
  call: Call,
  method: string,
  agent: string,
  what: string | undefined,
  id: string | undefined,
  verb: string | undefined,
): Promise<void> {
  const { stream, services, query } = call;
  const root = agentDirectory(services.places, agent);
  keepOpen(root);
  if (what === "processes" && id !== undefined) return routeProcess(call, method, agent, id, verb);
  const path = query.get("path") ?? "";
  switch (`${method} ${what ?? ""}`) {
    case "GET files":
      return answerJson(stream, { files: await listFiles(root, path, query) });
    case "GET content":
      return sendFile(stream, root, path);
    case "PUT content":
      return receive(call, root, path);
    case "DELETE content":
      return answerJson(stream, await removeFile(root, path).then(() => ({})));
    case "DELETE ":
      await services.processes.forget(agent);
      return answerJson(stream, await removeFile(root, "").then(() => ({})));
    default:
      throw new Refusal(404, "There is no such call");
  }
}

async function routeProcess(call: Call, method: string, agent: string, id: string, verb = ""): Promise<void> {
  const { places, processes } = call.services;
  const request = { stream: call.stream, agent, id, query: call.query };
  switch (`${method} ${verb}`) {
    case "PUT ":
      return startProcess(places, processes, request);
    case "GET events":
      return streamEvents(processes, request);
    case "POST signal":
      return signalProcess(processes, request);
    case "POST ack":
      return acknowledgeProcess(processes, request);
    default:
      throw new Refusal(404, "There is no such call");
  }
}

function receive({ stream, headers, query, services }: Call, root: string, path: string): Promise<void> {
  const announced = headers["x-carrel-size"];
  return receiveFile(stream, services.places, root, path, {
    mode: query.get("mode") === "755" ? 0o755 : 0o644,
    size: announced === undefined ? null : Number(announced),
    stillOwned: () => services.gate.stillAdmits(stream.session),
  });
}
