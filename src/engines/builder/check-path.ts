const RESERVED = new Set([".git", ".carrel", ".env", ".venv", "node_modules", "__pycache__"]);

/** Why a path of the model's cannot be written, or null when it can: it stays inside the project and is plain. */
export function problemOfPath(path: string): string | null {
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) return "is absolute";
  if (path.includes("\\")) return "holds a backslash";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path) || !path.isWellFormed()) return "holds a control character";
  if (path !== path.normalize("NFC")) return "is not in Unicode's composed form (NFC)";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".."))
    return "is not a plain relative path";
  if (parts.some((part) => part !== part.trim() || Buffer.byteLength(part) > 200))
    return "has an unfit name in it";
  if (parts.some((part) => RESERVED.has(part.toLowerCase()))) return "belongs to a tool or is private";
  return null;
}
