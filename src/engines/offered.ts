/** The engines that exist. A name alone: whoever only needs to know does not load them. */
export const OFFERED_ENGINES = ["builder"] as const;

export function isOffered(name: string): boolean {
  return (OFFERED_ENGINES as readonly string[]).includes(name);
}
