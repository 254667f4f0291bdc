/** So many characters of a slug, with room in a branch name for a number behind it. */
const MAX_SLUG = 40;

/**
 * What an agent is called where names must be safe: branches, directories, mentions. Letters a to z, digits and single
 * hyphens between them; whatever else a person or a model wrote is left out, so nothing that git or a shell
 * would read as more than a name can remain. A name without any of those becomes `agent-` and a part of the id.
 */
export function slugOf(name: string, agentId: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, MAX_SLUG)
    .replace(/-+$/, "");
  return plain === "" ? `agent-${idPart(agentId)}` : plain;
}

/** For a second agent of the same name. */
export function distinctSlug(slug: string, agentId: string): string {
  return `${slug}-${idPart(agentId)}`;
}

/** The branch of an agent's how-manieth pull request, from 1. A name is not used twice: what comes late belongs to the old one. */
export function branchOf(slug: string, ordinal: number): string {
  return ordinal === 1 ? `carrel/${slug}` : `carrel/${slug}-${ordinal}`;
}

/** Whether git takes the name of somebody else's branch, and takes it for nothing but a name. */
export function isBranchName(name: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(name)) return false;
  if (name === "" || name === "@" || name.length > 200) return false;
  if (name.includes("..") || name.includes("@{") || name.includes("//")) return false;
  return name
    .split("/")
    .every(
      (part) => part !== "" && !part.startsWith(".") && !part.startsWith("-") && !/(\.lock|\.)$/.test(part),
    );
}

// The end of an id is its random part.
function idPart(id: string): string {
  return id.replaceAll(/[^a-z0-9]/g, "").slice(-6);
}
