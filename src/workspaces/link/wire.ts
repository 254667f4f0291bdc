import { z } from "zod";
import { AppError } from "#platform/errors.ts";

/** What a supervisor may answer. Users' code can imitate it, so nothing that does not fit is taken. */

const text = z.string();
const count = z.number().int().nonnegative();

const exit = {
  exitCode: z.number().int().nullable(),
  signal: text.max(32).nullable(),
  timedOut: z.boolean(),
  /** a workspace that was started before an upgrade of the platform does not say it */
  outOfMemory: z.boolean().default(false),
  durationMs: z.number().nonnegative(),
  truncated: z.boolean(),
};

export const Health = z.object({
  languages: z.record(z.string().max(32), z.string().max(32)),
  processes: count,
  reverse: z.boolean(),
  residentBytes: count,
});
export type Health = z.infer<typeof Health>;

export const ExecAnswer = z.object({ ...exit, stdout: z.base64(), stderr: z.base64() });

export const Started = z.object({ start: count.min(1) });

export const EventLine = z.union([
  z.object({ seq: count.min(1), stream: z.enum(["stdout", "stderr"]), text }),
  z.object({ seq: count.min(1), exit: z.object({ ...exit, interrupted: z.boolean() }) }),
]);
export type EventLine = z.infer<typeof EventLine>;

// Whoever reads a list may write what it names: into a tree, a repository, another machine's directory.
function isInside(path: string): boolean {
  return !path.includes("\0") && path.split("/").every((part) => !["", ".", ".."].includes(part));
}

export const FileList = z.object({
  files: z.array(
    z.object({
      path: text.min(1).max(4096).refine(isInside, "leaves the agent's directory"),
      type: z.enum(["file", "directory", "link", "other"]),
      size: count,
      mode: count,
      modifiedMs: z.number().min(-8.64e15).max(8.64e15),
    }),
  ),
});

export type FileList = z.infer<typeof FileList>;

export const MemoryKills = z.object({ kills: count.nullable() });
export const DiskFigure = z.object({ bytes: count });
export const Nothing = z.object({});
export const Refused = z.object({ error: text });

/** @throws AppError upstream_failed */
export function readAnswer<S extends z.ZodType>(schema: S, bytes: Buffer): z.infer<S> {
  try {
    return schema.parse(JSON.parse(bytes.toString()));
  } catch (cause) {
    throw new AppError("upstream_failed", "The workspace gave an answer that makes no sense.", { cause });
  }
}

const BY_STATUS = {
  400: "bad_request",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  410: "unavailable",
  413: "too_large",
  503: "unavailable",
  507: "limit_reached",
} as const;

/** The supervisor's refusal as our error. Its words are shown, shortened, but never decide anything. */
export function refusalToError(status: number, body: Buffer): AppError {
  const code = BY_STATUS[status as keyof typeof BY_STATUS] ?? "upstream_failed";
  const parsed = Refused.safeParse(parseJson(body));
  const words = parsed.success ? readableText(parsed.data.error).slice(0, 500) : `status ${status}`;
  // The one conflict there is: another owner was seen in there.
  const details = code === "conflict" ? { moved: true } : {};
  return new AppError(code, `${words}.`, { details });
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    // Then it has no words for us.
    return null;
  }
}

/** Text as PostgreSQL can hold it: it knows no NUL character. */
export function readableText(value: string): string {
  return value.replaceAll("\0", "\uFFFD");
}
