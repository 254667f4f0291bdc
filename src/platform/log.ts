import { type DestinationStream, type Logger, pino, stdSerializers } from "pino";

export type { Logger };

/** Structured JSON lines on stdout. Credentials never reach a line, whatever object is logged. */
export function createLogger(process: string, level: string, to?: DestinationStream): Logger {
  const options = {
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withoutExchange },
    redact: {
      paths: [
        "*.authorization",
        "*.cookie",
        '*["x-api-key"]',
        "*.token",
        "*.secret",
        "*.password",
        "*.text",
        "*.email",
        "authorization",
        "cookie",
        "token",
        "secret",
        "password",
        "text",
        "email",
      ],
      censor: "[redacted]",
    },
  };
  return to ? pino(options, to) : pino(options);
}

/** An HTTP client's error carries what was sent and what came back: codes, tokens, people's words. A database's, its connection. */
function withoutExchange(error: unknown): unknown {
  return error instanceof Error ? omitExchange(stdSerializers.err(error)) : error;
}

function omitExchange({
  request,
  response,
  client,
  ...told
}: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(told).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(omitFrom) : omitFrom(value),
    ]),
  );
}

/** Errors within errors: a serialised one is known by its stack. */
function omitFrom(value: unknown): unknown {
  const isError = typeof value === "object" && value !== null && "stack" in value;
  return isError ? omitExchange(value as Record<string, unknown>) : value;
}
