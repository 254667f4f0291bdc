import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { eventsOf, PIECE_MS } from "./stream-content.ts";

// A server on Anthropic's wire that answers at once: what is measured is what stands in front of it.

const text = "All work and no play makes a dull gateway. ".repeat(8);
const usage = { input_tokens: 900, output_tokens: 97 };
const message = { id: "msg_bench", type: "message", role: "assistant", model: "claude-haiku-5-5" };
const whole = Buffer.from(
  JSON.stringify({ ...message, content: [{ type: "text", text }], stop_reason: "end_turn", usage }),
);

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    if (Number(request.headers["content-length"]) < 10_000) {
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
        stream?: boolean;
        max_tokens: number;
      };
      if (body.stream) {
        response.writeHead(200, { "content-type": "text/event-stream" });
        for (const event of eventsOf(body.max_tokens)) {
          response.write(event);
          await delay(PIECE_MS);
        }
        response.end();
        return;
      }
    }
    response.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
    response.end(whole);
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit());
