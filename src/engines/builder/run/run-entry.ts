import { z } from "zod";

/** One argument list; nothing goes through a shell. */
export const Argv = z.array(z.string().min(1).max(2_000)).min(1).max(50);

/** Where a server answers. */
export const Server = z.object({
  argv: Argv,
  port: z.number().int().min(1024).max(65_535).optional().describe("for a server: where it listens"),
  // As it is asked: what else there is in an address is written with percent signs.
  path: z
    .string()
    .max(500)
    .regex(/^\/[!-~]*$/, "begins with / and holds neither blanks nor letters beyond ASCII")
    .optional()
    .describe("what is asked of it, e.g. /health"),
});

// Models often give the one entry itself where a list is asked for; its meaning is plain.
export const RunEntries = z.preprocess(
  (value) => {
    const one = Array.isArray(value) ? typeof value[0] === "string" : typeof value === "object" && value;
    return one ? [value] : value;
  },
  z.array(z.union([Argv, Server])).max(10),
);

export interface RunEntry {
  argv: string[];
  /** null: a program that comes to its end */
  port: number | null;
  /** null: whatever is there */
  path: string | null;
}

export function runEntry(given: z.infer<typeof RunEntries>[number]): RunEntry {
  if (Array.isArray(given)) return { argv: given, port: null, path: null };
  return { argv: given.argv, port: given.port ?? null, path: given.path ?? null };
}
