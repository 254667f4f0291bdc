import { z } from "zod";
import { Id, Name, NextCursor, Time } from "#api/schema/primitives.ts";

export const Scope = z.enum(["api", "api:read", "models"]);
export type Scope = z.infer<typeof Scope>;

export const Token = z.object({
  id: Id,
  name: z.string(),
  prefix: z.string().meta({ description: "Its first characters, to tell tokens apart." }),
  scopes: z.array(Scope),
  createdAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
});
export type Token = z.infer<typeof Token>;

export const TokenList = z.object({ tokens: z.array(Token), nextCursor: NextCursor });
export type TokenList = z.infer<typeof TokenList>;

export const NewToken = z.strictObject({
  name: Name,
  scopes: z.array(Scope).min(1).max(3).optional().meta({ description: "Default: api." }),
  expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
});
export type NewToken = z.infer<typeof NewToken>;

export const TokenMade = Token.extend({
  token: z.string().meta({ description: "Shown this once, never again." }),
});
export type TokenMade = z.infer<typeof TokenMade>;
