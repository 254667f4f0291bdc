/** Relative, forward slashes, no step up, nothing of git's own on any file system (`.GIT`, `git~1`, `.git ` with odd ends). */
export function isPlainPath(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (path === "" || path.includes("\\") || /[\u0000-\u001f\u007f]/.test(path)) return false;
  return path.split("/").every((name) => name !== "" && name !== "." && name !== ".." && !isGitsOwn(name));
}

function isGitsOwn(name: string): boolean {
  // Most names of a hostile path are too short to be looked at closely.
  if (name.length < ".git".length) return false;
  // Characters that HFS+ does not see, and ends that NTFS does not.
  const seen = name
    .replaceAll(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "")
    .replace(/[. ]+$|:.*$/g, "");
  return /^(\.git|git~1)$/i.test(seen);
}
