import { AppError } from "#platform/errors.ts";

/**
 * A path inside an agent's directory, as the supervisor is asked for it. The rule stands here because the supervisor
 * is not trusted; links are its part, since only inside can they be met without a race.
 * @throws AppError bad_request
 */
export function checkPath(path: string, options: { mayBeRoot?: boolean } = {}): string {
  const refuse = (why: string) => new AppError("bad_request", `The path ${why}.`);
  if (path.startsWith("/")) throw refuse("must be relative to the agent's directory");
  if (!path.isWellFormed() || path.includes("\0"))
    throw refuse("holds characters that no file name can have");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw refuse("must not leave the agent's directory");
  if (parts.some((part) => Buffer.byteLength(part) > 255)) throw refuse("has a name longer than 255 bytes");
  if (parts.length === 0 && !options.mayBeRoot) throw refuse("must name a file");
  const joined = parts.join("/");
  if (Buffer.byteLength(joined) > 4000) throw refuse("is longer than 4000 bytes");
  return joined;
}

/** @throws AppError bad_request */
export function checkId(id: string): string {
  if (!/^[0-9A-Za-z-]{1,64}$/.test(id)) throw new AppError("bad_request", "That is not an id.");
  return id;
}
