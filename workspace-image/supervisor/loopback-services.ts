import http, { type IncomingMessage, type ServerResponse } from "node:http";
import { passableHeaders } from "./passable-headers.ts";
import { Refusal } from "./refusal.ts";
import type { ReverseLink } from "./reverse-link.ts";

/** A service of the runner as if it listened on this workspace's loopback: `/x` is `/<service>/x` over there. */
export function createService(reverse: ReverseLink, service: string): http.Server {
  return http.createServer((request, response) => {
    forward(reverse, service, request, response).catch((error: unknown) => {
      if (response.headersSent) return void response.destroy();
      const { status, message } =
        error instanceof Refusal ? error : new Refusal(502, "The link to the platform broke");
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: `${message}.` }));
    });
  });
}

async function forward(
  reverse: ReverseLink,
  service: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host: _, ...headers } = passableHeaders(request.headers);
  const hasBody =
    request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
  const stream = await reverse.ask(
    { ...headers, ":method": request.method ?? "GET", ":path": `/${service}${request.url ?? "/"}` },
    { endStream: !hasBody },
  );
  response.once("close", () => stream.close(8 /* CANCEL */));
  if (hasBody) request.pipe(stream);
  await new Promise<void>((resolve, reject) => {
    stream.once("response", ({ ":status": status, ...got }) => {
      response.writeHead(Number(status), passableHeaders(got as http.IncomingHttpHeaders));
      stream.pipe(response);
    });
    stream.once("close", () => {
      if (stream.readableEnded) resolve();
      else reject(new Refusal(502, "The link to the platform broke"));
    });
  });
}
