import { createParser } from "eventsource-parser";
import type { Meter, Reading } from "#gateway/calls/meter.ts";

/** A meter of server-sent events: `see` gets the data of each, wherever the bytes were cut. */
export function sseMeter(see: (data: string) => void, read: () => Omit<Reading, "betweenEvents">): Meter {
  const decoder = new TextDecoder();
  const parser = createParser({ onEvent: ({ data }) => see(data) });
  let tail = "\n\n";
  return {
    feed(chunk) {
      const text = decoder.decode(chunk, { stream: true });
      tail = (tail + text).slice(-2);
      parser.feed(text);
    },
    read: () => ({ ...read(), betweenEvents: tail === "\n\n" }),
  };
}

/** A meter of one JSON document. */
export function jsonMeter(read: (document: unknown) => Omit<Reading, "betweenEvents" | "failed">): Meter {
  const chunks: Uint8Array[] = [];
  return {
    feed(chunk) {
      chunks.push(chunk);
    },
    read: () => ({
      ...read(parseJson(Buffer.concat(chunks).toString("utf8"))),
      failed: false,
      betweenEvents: false,
    }),
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: nothing to count in it. Whether the answer is whole shows in what is missing at its end.
    return null;
  }
}
