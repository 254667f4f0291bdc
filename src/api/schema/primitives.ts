import { z } from "zod";

/** The small pieces that every schema of the API is made of. */

export const Id = z.uuid().meta({ description: "An identifier; opaque, sorts by time of making." });

export const Time = z.iso.datetime().meta({ description: "ISO 8601, UTC." });

export const MicroUsd = z.int().meta({ description: "Millionths of a US dollar." });

export const MicroUsdLimit = z.int().min(0).max(1_000_000_000_000);

// PostgreSQL stores neither U+0000 nor half of a surrogate pair; refusing them here says so in words.
export function isStorable(text: string): boolean {
  return !text.includes("\u0000") && text.isWellFormed();
}

/** Text for storage, at most `max` characters (code points, as a person counts them). */
export function plainText(max: number) {
  return z
    .string()
    .refine(isStorable, "holds a null character or half of a surrogate pair")
    .refine((text) => text.length <= max || [...text].length <= max, `is longer than ${max} characters`)
    .meta({ maxLength: max });
}

const CONTROL = /\p{Cc}/u;

/** A one-line name: 1 to 80 characters after trimming, no control characters. */
export const Name = z
  .string()
  .transform((text) => text.trim())
  .pipe(
    z
      .string()
      .refine((text) => text.length > 0, "must not be empty")
      .refine((text) => [...text].length <= 80, "is longer than 80 characters")
      .refine((text) => !CONTROL.test(text) && text.isWellFormed(), "holds control characters"),
  )
  .meta({ minLength: 1, maxLength: 80, description: "1 to 80 characters after trimming, on one line." });

/** A path inside an agent's directory: relative, forward slashes, never out of it. */
export const RelativePath = z
  .string()
  .min(1)
  .max(4096)
  .refine(isStorable, "holds a character that a path cannot hold")
  .refine((path) => !path.startsWith("/"), "must be relative to the agent's directory")
  .refine((path) => !path.split("/").includes(".."), "must stay inside the agent's directory")
  .meta({ description: "Relative to the agent's directory; forward slashes; no `..`." });

export const NextCursor = z
  .string()
  .nullable()
  .meta({ description: "Give it as `cursor` for the next page; null on the last one." });

export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z
    .string()
    .regex(/^[0-9a-f-]{1,36}$/i, "is not one of ours")
    .optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;
