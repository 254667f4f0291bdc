import type { ApiParts } from "#api/api-parts.ts";
import { problemResponse } from "#api/handling/problem.ts";
import { readBytes } from "#api/handling/read-body.ts";
import { receiveDelivery } from "#github/receive-delivery.ts";
import { ERROR_CODES, toAppError } from "#platform/errors.ts";
import { ADDRESS_HEADER } from "#platform/http.ts";

/** GitHub sends no event that is larger. Bytes. */
const EVENT_BYTES = 25 * 1024 * 1024;

/** POST /api/webhooks/github: what is genuine is kept, and that is all; a runner works it off. */
export async function receiveGitHub(parts: ApiParts, request: Request): Promise<Response> {
  const { headers } = request;
  const address = headers.get(ADDRESS_HEADER) ?? "";
  try {
    await parts.rateLimits.address(address);
    await receiveDelivery(parts.db, parts.github, {
      id: headers.get("x-github-delivery"),
      event: headers.get("x-github-event"),
      signature: headers.get("x-hub-signature-256"),
      body: () => readBytes(request, EVENT_BYTES),
    });
    return new Response(null, { status: 202, headers: { "cache-control": "no-store" } });
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "unauthenticated") {
      await parts.rateLimits.refusedAt(address).catch((cause: unknown) => {
        // Too many: that is what is answered next time. Anything else must not hide why this one was refused.
        if (toAppError(cause).code !== "rate_limited")
          parts.log.warn({ err: cause }, "a refusal was not counted");
      });
    }
    const event = headers.get("x-github-event");
    parts.log[ERROR_CODES[known.code].level](
      { err: known.cause, event },
      `a delivery was refused: ${known.message}`,
    );
    return problemResponse(known);
  }
}
