/** Every time and bound of imports in one place. Times in milliseconds, sizes in bytes. */

/** How long a runner holds an import without renewing it: a killed runner's waits this long at most. */
export const LEASE_MS = 10_000;
export const RENEW_MS = 3_000;

/** How often a runner looks for imports when nothing told it to. */
export const POLL_MS = 5_000;

/** What failed for a passing reason is tried again after a pause, so many times in all. */
export const ATTEMPTS = 4;
export const PAUSE_MS = 5_000;

/** Claims of one import at most, those included that ended with their runner. */
export const CLAIMS_MOST = 8;

const MiB = 1024 * 1024;

/** What an uploaded file may be, before and while it is unpacked. What an agent may hold at all is CAPTURE_LIMITS. */
export const UPLOAD_LIMITS = {
  /** the file itself */
  uploadBytes: 100 * MiB,
  /** of an archive, those included that are left out; its list of them */
  entries: 20_000,
  listBytes: 16 * MiB,
  /** a tar without its compression, with all that is left out of it */
  streamBytes: 512 * MiB,
  /** bytes that come out for each that went in, once more than the free ones came out */
  ratio: 200,
  ratioFreeBytes: 16 * MiB,
  /** one name, and one path */
  nameBytes: 255,
  pathBytes: 1_000,
};

/** Between a whole uploaded file and its row is one transaction: a file without a row that is older is left over. */
export const LEFT_OVER_MS = 10 * 60_000;

/** Unpacking, in the workspace. */
export const UNPACK_MS = 180_000;
