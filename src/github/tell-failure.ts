import { AppError, isAppError } from "#platform/errors.ts";

/** The status that GitHub answered with; null: it did not answer at all, or it was something else. */
export function gitHubStatus(error: unknown): number | null {
  const status = (error as { status?: unknown } | null)?.status;
  return error instanceof Error && error.name === "HttpError" && typeof status === "number" ? status : null;
}

/** Seconds until GitHub wants to be asked again, where that is why it refused; else null. */
export function patienceAskedFor(error: unknown): number | null {
  const headers = (error as { response?: { headers?: Record<string, string | number | undefined> } })
    ?.response?.headers;
  const status = gitHubStatus(error);
  if (!headers || (status !== 403 && status !== 429)) return null;
  if (headers["retry-after"] !== undefined) return Number(headers["retry-after"]);
  if (String(headers["x-ratelimit-remaining"]) !== "0") return null;
  return Math.max(1, Math.ceil(Number(headers["x-ratelimit-reset"] ?? 0) - Date.now() / 1000) + 1);
}

/** What a person should read of a failure of GitHub's. The cause goes to the log. */
export function tellFailure(error: unknown, doing: string): AppError {
  if (isAppError(error)) return error;
  const patience = patienceAskedFor(error);
  if (patience !== null) {
    return new AppError(
      "upstream_failed",
      `GitHub asks for patience while ${doing}. Try again in ${patience} s.`,
      {
        cause: error,
        details: { retryAfterSeconds: patience },
      },
    );
  }
  const status = gitHubStatus(error);
  const what = status === null ? "GitHub does not answer" : `GitHub answered ${status}`;
  return new AppError("upstream_failed", `${what} while ${doing}. Try again.`, { cause: error });
}
