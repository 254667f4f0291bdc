import { UPLOAD_LIMITS } from "#imports/tunables.ts";
import { AppError, type ErrorCode } from "#platform/errors.ts";
import { CAPTURE_LIMITS } from "#snapshots/capture-tree.ts";

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;

/** What can be wrong with an uploaded file: a closed set, in the words of whoever asks and with the code of its error. */
const FAULTS = {
  format: ["unsupported_media_type", "This is no .zip, .tar, .tar.gz or git bundle."],
  method: [
    "unsupported_media_type",
    "Its compression is not one that can be read here; make it with deflate.",
  ],
  encrypted: ["bad_request", "It is encrypted. Send it without a password."],
  damaged: ["bad_request", "It is damaged or cut off: send it whole."],
  outside: ["bad_request", "A name leads out of it."],
  link_outside: ["bad_request", "A link leads out of it."],
  name: [
    "bad_request",
    "A name in it is not UTF-8, too long, or holds characters that no file here may have.",
  ],
  twice: ["bad_request", "A name is in it twice, or is a file and a folder at once."],
  alike: ["bad_request", "Two names in it differ only in upper and lower case, or only to a machine."],
  device: ["bad_request", "It holds a device, a pipe or something else that is no file."],
  empty: ["bad_request", "It holds no file that an agent can work on."],
  no_branch: [
    "bad_request",
    "The bundle does not say which branch is meant, or has no such branch: name one.",
  ],
  part: ["bad_request", "The bundle is only a part of a history. Make it with `git bundle create … --all`."],
  too_many: [
    "too_large",
    `It holds too many entries: an agent works on up to ${CAPTURE_LIMITS.files} files, out of ${UPLOAD_LIMITS.entries}.`,
  ],
  too_large: ["too_large", `Its files are larger than ${megabytes(CAPTURE_LIMITS.totalBytes)} together.`],
  bomb: ["too_large", "It unpacks to far more than it holds."],
  slow: ["too_large", "It takes too long to unpack."],
  disk: ["limit_reached", "The workspace's disk has no room for it."],
  lost: ["conflict", "The uploaded file is no longer there. Send it again."],
  no_python: ["unavailable", "This workspace has no Python 3, which unpacks files."],
  no_git: ["unavailable", "This workspace has no git, which opens bundles."],
} as const satisfies Record<string, readonly [ErrorCode, string]>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as [Fault, ...Fault[]];

/** @param at the entry that it is about */
export function faultError(fault: Fault, at?: string): AppError {
  const [code, message] = FAULTS[fault];
  return new AppError(code, at ? `${message} (${at})` : message, {
    details: { reason: fault, ...(at && { entry: at }) },
  });
}
