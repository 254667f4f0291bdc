import { createServer } from "node:http";
import { Pool } from "undici";

// The limit: undici forwards the call, usage is read from the answer, and that is all.

const upstream = new Pool(process.env.UPSTREAM ?? "", { connections: 256 });

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const answer = await upstream.request({
      method: "POST",
      path: request.url ?? "",
      headers: { "content-type": "application/json", "x-api-key": "k" },
      body: Buffer.concat(chunks),
    });
    const parts: Buffer[] = [];
    for await (const part of answer.body as AsyncIterable<Buffer>) parts.push(part);
    const body = Buffer.concat(parts);
    const { usage } = JSON.parse(body.toString("utf8")) as { usage: { input_tokens: number } };
    response.writeHead(answer.statusCode, {
      "content-type": String(answer.headers["content-type"]),
      "content-length": body.length,
      "x-tokens": usage.input_tokens,
    });
    response.end(body);
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit());
