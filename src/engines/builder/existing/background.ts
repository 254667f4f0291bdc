import { type Conventions, findConventions } from "#engines/builder/existing/conventions.ts";
import { GUIDANCE_MOST } from "#engines/builder/tunables.ts";
import type { KeptTree } from "#engines/engine.ts";

/** What a project that exists asks of who works on it. */
export interface Background {
  conventions: Conventions;
  /** its owner's words to agents; null: there are none */
  guidance: { path: string; text: string } | null;
}

/** The first that is there holds. */
const GUIDANCE = ["AGENTS.md", "CLAUDE.md"];

export async function readBackground(tree: KeptTree): Promise<Background> {
  return { conventions: await findConventions(tree), guidance: await findGuidance(tree) };
}

async function findGuidance(tree: KeptTree): Promise<Background["guidance"]> {
  const path = GUIDANCE.find((name) => tree.paths.includes(name));
  const text = path && (await tree.read(path))?.toString("utf8").trim();
  if (!path || !text) return null;
  const cut =
    text.length > GUIDANCE_MOST ? `${text.slice(0, GUIDANCE_MOST).toWellFormed()}\n(cut off here)` : text;
  return { path, text: cut };
}
