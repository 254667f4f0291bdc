import { services } from "#api/services.ts";

type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string | string[] | undefined>> },
) => Promise<Response>;

/** A route file's exports: all methods of one path of the API; those that it does not know answer 405. */
export function route(path: string): Record<"GET" | "POST" | "PUT" | "PATCH" | "DELETE", Handler> {
  const handler: Handler = async (request, { params }) => services().api.answer(path, request, await params);
  return { GET: handler, POST: handler, PUT: handler, PATCH: handler, DELETE: handler };
}
