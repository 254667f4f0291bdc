import { createServer } from "node:http";

// A server on Anthropic's wire that answers at once: what is measured is what stands in front of it.

const text = "All work and no play makes a dull gateway. ".repeat(8);
const usage = { input_tokens: 900, output_tokens: 97 };
const message = { id: "msg_bench", type: "message", role: "assistant", model: "claude-haiku-5-5" };
const whole = Buffer.from(
  JSON.stringify({ ...message, content: [{ type: "text", text }], stop_reason: "end_turn", usage }),
);

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json", "content-length": whole.length });
    response.end(whole);
  });
});
server.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.({ ready: true }));
process.on("disconnect", () => process.exit());
