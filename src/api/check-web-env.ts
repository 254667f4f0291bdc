import { isIP } from "node:net";
import type { WebEnv } from "#platform/env.ts";
import { AppError } from "#platform/errors.ts";

/** What the variables must be together. @throws AppError bad_request with one line for each that is wrong */
export function checkWebEnv(env: WebEnv): void {
  const lines = env.CARREL_MODE === "embedded" ? embeddedFaults(env) : productionFaults(env);
  if (lines.length > 0) throw new AppError("bad_request", lines.join("\n"));
}

function embeddedFaults({ HOST, NEXTAUTH_URL, PORT }: WebEnv): string[] {
  const lines: string[] = [];
  if (!isLoopback(HOST)) {
    lines.push(
      `HOST is ${HOST}: embedded mode is for this machine alone and takes 127.0.0.1; for others set CARREL_MODE=production.`,
    );
  }
  const right = new URL(`http://localhost:${PORT}`).origin;
  if (new URL(NEXTAUTH_URL).origin !== right) {
    lines.push(`NEXTAUTH_URL is ${NEXTAUTH_URL}: in embedded mode it must be ${right}.`);
  }
  return lines;
}

function productionFaults({ NEXTAUTH_URL, CONTENT_ORIGIN }: WebEnv): string[] {
  const lines: string[] = [];
  const app = new URL(NEXTAUTH_URL);
  if (app.protocol !== "https:" && !isLoopback(app.hostname)) {
    lines.push(`NEXTAUTH_URL is ${NEXTAUTH_URL}: production is reached by https.`);
  }
  if (CONTENT_ORIGIN && new URL(CONTENT_ORIGIN).hostname === app.hostname) {
    lines.push("CONTENT_ORIGIN has the host of NEXTAUTH_URL: users' pages need a host of their own.");
  }
  return lines;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}
