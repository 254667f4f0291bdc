/** An answer that is not 2xx, with words for a person. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const BY_ERRNO: Record<string, [number, string]> = {
  ENOENT: [404, "There is no such file"],
  ELOOP: [400, "The path goes through a link; links are not followed"],
  ENOTDIR: [400, "A part of the path is a link or a file, not a directory"],
  EISDIR: [400, "That is a directory"],
  ENOTEMPTY: [400, "A directory is in the way"],
  EEXIST: [400, "Something else is in the way"],
  ENAMETOOLONG: [400, "The path is too long"],
  EINVAL: [400, "The path is not valid"],
  EACCES: [403, "The file's own permissions forbid it"],
  EPERM: [403, "The file's own permissions forbid it"],
  ENXIO: [400, "That is not a plain file"],
  ENOSPC: [507, "The disk is full"],
  EDQUOT: [507, "The disk is full"],
  EFBIG: [507, "The file is larger than a workspace may hold"],
  EMFILE: [503, "Too many files are open"],
  EAGAIN: [503, "The limit of processes is reached"],
};

export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const known = BY_ERRNO[(error as NodeJS.ErrnoException).code ?? ""];
  if (known) return new Refusal(known[0], known[1]);
  return new Refusal(500, error instanceof Error ? error.message : String(error));
}
