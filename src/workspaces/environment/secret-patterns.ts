import { createHash } from "node:crypto";
import { MOST_CHARACTERS, Patterns } from "#workspaces/environment/patterns.ts";
import { valuePatterns } from "#workspaces/environment/value-patterns.ts";

/** What texts are made of: characters, or bytes that are looked at as Latin letters, one for each. */
export type Letters = "utf8" | "latin1";

/** Characters of all patterns that are kept for the next use. */
const MOST_KEPT = 4 * MOST_CHARACTERS;

const kept = new Map<string, Promise<Patterns>>();
const sizes = new Map<string, number>();

/** The patterns of these values, made once for as long as the values are the same and in use. */
export function secretPatterns(secrets: readonly string[], letters: Letters = "utf8"): Promise<Patterns> {
  const key = createHash("sha256")
    .update(JSON.stringify([letters, secrets]))
    .digest("base64");
  const known = kept.get(key);
  kept.delete(key);
  const patterns = known ?? make(key, secrets, letters);
  // The last in the map is the one that was used last.
  kept.set(key, patterns);
  return patterns;
}

async function make(key: string, secrets: readonly string[], letters: Letters): Promise<Patterns> {
  const patterns = await Patterns.inTurns(formsOf(secrets, letters));
  sizes.set(key, patterns.size + 1_000);
  let total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  for (const oldest of [...kept.keys()]) {
    if (total <= MOST_KEPT) break;
    const size = sizes.get(oldest);
    if (oldest === key || size === undefined) continue;
    total -= size;
    kept.delete(oldest);
    sizes.delete(oldest);
  }
  return patterns;
}

/** Each value as it is first: should the room for patterns end, it ends with what is written least. */
function* formsOf(secrets: readonly string[], letters: Letters): Generator<string> {
  const written = (text: string) => (letters === "utf8" ? text : Buffer.from(text).toString("latin1"));
  for (const secret of secrets) yield* [written(secret), written(secret.trim())];
  for (const secret of secrets) for (const form of valuePatterns(secret)) yield written(form);
}
