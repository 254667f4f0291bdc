import { type Logger, pino } from "pino";

export type { Logger };

/** Structured JSON lines on stdout. Credentials never reach a line, whatever object is logged. */
export function createLogger(process: string, level: string): Logger {
  return pino({
    level,
    base: { process },
    timestamp: pino.stdTimeFunctions.isoTime,
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
  });
}
