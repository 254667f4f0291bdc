import { z } from "zod";
import { createToken, listTokens, revokeToken, type TokenRecord } from "#accounts/tokens.ts";
import { ok, operation } from "#api/operation.ts";
import { Id, PageQuery } from "#api/schema/primitives.ts";
import { NewToken, type Token, TokenList, TokenMade } from "#api/schema/token.ts";
import { AppError } from "#platform/errors.ts";

export const findTokens = operation({
  id: "listTokens",
  method: "GET",
  path: "/tokens",
  scope: "api:read",
  tag: "Account",
  summary: "Your personal tokens that are not revoked, newest first",
  query: PageQuery,
  responses: { 200: { description: "A page of tokens", schema: TokenList } },
  async handle({ parts, identity, query }) {
    const page = { limit: query.limit + 1, before: query.cursor };
    const found = await listTokens(parts.db, identity.userId, page);
    const tokens = found.slice(0, query.limit).map(toToken);
    return ok({ tokens, nextCursor: found.length > query.limit ? (tokens.at(-1)?.id ?? null) : null });
  },
});

export const makeToken = operation({
  id: "createToken",
  method: "POST",
  path: "/tokens",
  scope: "api",
  tag: "Account",
  summary: "Make a personal token; it is in this answer and nowhere else",
  body: NewToken,
  responses: { 201: { description: "The token", schema: TokenMade } },
  async handle({ parts, identity, body }) {
    const scopes = body.scopes ?? ["api"];
    const wider = scopes.filter((scope) => !identity.scopes.includes(scope) && scope !== "api:read");
    if (wider.length > 0) throw new AppError("forbidden", `This token cannot give ${wider.join(", ")}.`);
    const made = await createToken(parts.db, {
      userId: identity.userId,
      name: body.name,
      scopes,
      expiresAt: body.expiresAt ? new Date(body.expiresAt) : null,
    });
    return { status: 201, body: { ...toToken(made), token: made.token } };
  },
});

export const removeToken = operation({
  id: "revokeToken",
  method: "DELETE",
  path: "/tokens/{id}",
  scope: "api",
  tag: "Account",
  summary: "Revoke a token; what it holds open ends within seconds",
  params: z.object({ id: Id }),
  responses: { 204: { description: "Revoked" } },
  async handle({ parts, identity, params }) {
    await revokeToken(parts.db, identity.userId, params.id);
    return { status: 204 };
  },
});

function toToken({ id, name, prefix, scopes, createdAt, expiresAt, lastUsedAt }: TokenRecord): Token {
  return {
    id,
    name,
    prefix,
    scopes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
  };
}
