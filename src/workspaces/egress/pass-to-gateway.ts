import http from "node:http";
import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import https from "node:https";
import { urlToHttpOptions } from "node:url";
import { refuseStream } from "#workspaces/link/serve-reverse.ts";

// RFC 9113, 8.2.2: these speak of one connection; how a body is framed, and for whom the call is, the runner says
// itself: none of it is taken from a workspace.
const DROPPED = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

// What the gateway has for callers, in printable ASCII. It is never resolved against anything.
const PATH = /^\/v1\/[!-~]*$/;
const MISLEADING = /[\\#]|\/\/|\/(\.|%2e){1,2}([/?]|$)/i;

type Pass = (path: string, stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

/**
 * Calls to the model gateway, byte for byte and at the reader's pace. It is the caller's token that decides there; the
 * runner adds nothing to it. Only the gateway's address says where a call goes, never what a workspace sent.
 */
export function createPassage(gatewayUrl: string): Pass {
  const gateway = new URL(gatewayUrl);
  const { protocol, hostname, port } = urlToHttpOptions(gateway);
  const request = protocol === "https:" ? https.request : http.request;
  return (path, stream, headers) => {
    const method = headers[":method"] ?? "GET";
    const refusal = refuseCall(method, path, stream, headers);
    if (refusal) return refuseStream(stream, ...refusal);
    // A connection for each call: what one workspace leaves on a connection is never before another's call.
    const onward = request({
      ...{ hostname, port, path, method, agent: false },
      headers: { ...passable(headers), ...(method === "POST" ? { "transfer-encoding": "chunked" } : {}) },
    });
    onward.on("error", () => refuseStream(stream, 502, "The model gateway does not answer."));
    onward.on("upgrade", (_, socket) => {
      socket.destroy();
      refuseStream(stream, 502, "The model gateway answers what cannot be passed on.");
    });
    onward.on("response", (got) => answer(stream, got));
    stream.once("close", () => onward.destroy());
    if (method === "POST") return void stream.pipe(onward);
    stream.resume();
    onward.end();
  };
}

function refuseCall(
  method: string,
  path: string,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): [number, string] | null {
  if (!PATH.test(path) || MISLEADING.test(path.split("?")[0] as string))
    return [404, "The model gateway has no such address."];
  if (method === "POST") return null;
  if (method !== "GET" && method !== "HEAD") return [405, "The model gateway takes GET, HEAD and POST."];
  const isEmpty = stream.endAfterHeaders || headers["content-length"] === "0";
  return isEmpty ? null : [400, `A ${method} has no body.`];
}

function answer(stream: ServerHttp2Stream, got: http.IncomingMessage): void {
  got.on("error", () => stream.close(8 /* CANCEL */));
  if (stream.destroyed || stream.closed) return void got.destroy();
  try {
    stream.respond({ ...passable(got.headers), ...statusOf(got) }, { waitForTrailers: true });
  } catch {
    // Not one that HTTP/2 can carry.
    got.destroy();
    return void refuseStream(stream, 502, "The model gateway answers what cannot be passed on.");
  }
  stream.once("wantTrailers", () => sendTrailers(stream, got));
  got.pipe(stream);
}

function statusOf({ statusCode = 502 }: http.IncomingMessage): OutgoingHttpHeaders {
  if (statusCode < 200 || statusCode > 599) throw new RangeError(`status ${statusCode}`);
  return { ":status": statusCode };
}

function sendTrailers(stream: ServerHttp2Stream, got: http.IncomingMessage): void {
  try {
    stream.sendTrailers(passable(got.trailers));
  } catch {
    stream.close(8 /* CANCEL */);
  }
}

function passable(headers: IncomingHttpHeaders | http.IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.startsWith(":") && !DROPPED.has(name)),
  );
}
