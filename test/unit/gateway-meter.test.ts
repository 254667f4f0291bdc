import { describe, expect, it } from "vitest";
import { boundRequest } from "#gateway/calls/bound-request.ts";
import { checkRequest } from "#gateway/calls/check-request.ts";
import { meterFor } from "#gateway/calls/meter.ts";
import { CountTokensRequest } from "#gateway/messages-wire.ts";

function sse(type: string, fields: object): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
}

const STREAM = Buffer.from(
  [
    sse("message_start", {
      message: { usage: { input_tokens: 9, cache_read_input_tokens: 4, output_tokens: 1 } },
    }),
    sse("ping", {}),
    sse("content_block_delta", { index: 0, delta: { type: "text_delta", text: "안녕 🌍 \n\n data: x" } }),
    sse("content_block_delta", { index: 1, delta: { type: "input_json_delta", partial_json: '{"a":' } }),
    sse("message_delta", {
      delta: {},
      usage: { output_tokens: 33, output_tokens_details: { thinking_tokens: 5 } },
    }),
    sse("message_stop", {}),
  ].join(""),
);

describe("reading usage on the way", () => {
  it("does not depend on where the bytes are cut", () => {
    for (let cut = 0; cut <= STREAM.length; cut += 1) {
      const meter = meterFor("text/event-stream");
      meter.feed(STREAM.subarray(0, cut));
      meter.feed(STREAM.subarray(cut));
      const { tokens, ...reading } = meter.read();
      expect(reading).toMatchObject({ whole: true, counted: true, failed: false, betweenEvents: true });
      expect(reading.generatedBytes).toBe(Buffer.byteLength('안녕 🌍 \n\n data: x{"a":'));
      expect(tokens).toMatchObject({ input: 9, cacheRead: 4, output: 33, reasoning: 5 });
    }
  });

  it("knows an answer that is not whole, at every place where it can break off", () => {
    for (let cut = 0; cut < STREAM.length - 1; cut += 1) {
      const meter = meterFor("text/event-stream");
      meter.feed(STREAM.subarray(0, cut));
      expect(meter.read().whole).toBe(false);
    }
  });

  it("takes garbage for what it is", () => {
    for (const type of ["text/event-stream", "application/json"]) {
      const meter = meterFor(type);
      meter.feed(Buffer.from('data: {"usage": 7}\n\ndata: [1]\n\n<html>\u0000'));
      expect(meter.read()).toMatchObject({ whole: false, tokens: null, counted: false });
    }
  });
});

describe("the bound of a prompt", () => {
  const bound = (fields: object) => {
    const raw = Buffer.from(
      JSON.stringify({ model: "m", messages: [{ role: "user", content: "x" }], ...fields }),
    );
    const { request, body } = checkRequest(CountTokensRequest, raw);
    return boundRequest(request, body.length);
  };
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "" } };

  it("is at least its UTF-8 bytes, and more for what its bytes do not show", () => {
    const plain = bound({}).input;
    expect(bound({ system: "안".repeat(1000) }).input).toBeGreaterThanOrEqual(plain + 3000);
    const inMessage = { messages: [{ role: "user", content: [image] }] };
    expect(bound(inMessage).input).toBeGreaterThan(plain + 4800);
    const inResult = {
      messages: [
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: [image, image] }] },
      ],
    };
    expect(bound(inResult).input).toBeGreaterThan(plain + 2 * 4800);
    expect(bound({ tools: [{ name: "t" }] }).input).toBeGreaterThan(plain + 700);
  });

  it("is the model's context for documents", () => {
    const document = {
      type: "document",
      source: { type: "base64", media_type: "application/pdf", data: "" },
    };
    expect(bound({ messages: [{ role: "user", content: [document] }] }).input).toBe(Number.POSITIVE_INFINITY);
  });

  it("takes the dearest cache class that is asked for anywhere", () => {
    const cached = (ttl?: string) => ({ type: "text", text: "x", cache_control: { type: "ephemeral", ttl } });
    expect(bound({}).cache).toBe("none");
    expect(bound({ system: [cached()] }).cache).toBe("5m");
    expect(bound({ system: [cached()], messages: [{ role: "user", content: [cached("1h")] }] }).cache).toBe(
      "1h",
    );
    expect(bound({ cache_control: { type: "ephemeral", ttl: "1h" } }).cache).toBe("1h");
    expect(bound({ tools: [{ name: "t", cache_control: { type: "ephemeral" } }] }).cache).toBe("5m");
  });
});
