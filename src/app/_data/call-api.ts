import type { Problem } from "#api/schema/problem.ts";

export type ProblemCode = Problem["code"] | "unreachable";

/** What went wrong with a call, in the API's own words. `unreachable`: no answer came at all. */
export class ApiProblem extends Error {
  readonly code: ProblemCode;
  readonly status: number;
  readonly requestId: string | null;

  constructor(code: ProblemCode, status: number, detail: string, requestId: string | null) {
    super(detail);
    this.name = "ApiProblem";
    this.code = code;
    this.status = status;
    this.requestId = requestId;
  }
}

export interface CallOptions {
  query?: Record<string, string | number | undefined>;
  json?: unknown;
  body?: BodyInit;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/**
 * Calls the product's own REST API as the signed-in user.
 * @throws ApiProblem
 */
export async function callApi<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  const response = await send(method, path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

/** The same for a file's bytes; null when there are more than `maxBytes`. @throws ApiProblem */
export async function callForBytes(
  path: string,
  maxBytes: number,
  options: CallOptions = {},
): Promise<ArrayBuffer | null> {
  const response = await send("GET", path, options);
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    return null;
  }
  const bytes = await response.arrayBuffer();
  return bytes.byteLength > maxBytes ? null : bytes;
}

async function send(method: string, path: string, options: CallOptions): Promise<Response> {
  const headers: Record<string, string> = {};
  if (options.json !== undefined) headers["content-type"] = "application/json";
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  const body = options.json === undefined ? options.body : JSON.stringify(options.json);
  const init: RequestInit = { method, headers, cache: "no-store" };
  if (body !== undefined) init.body = body;
  if (options.signal) init.signal = options.signal;

  const response = await fetch(apiUrl(path, options.query), init).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause;
    throw new ApiProblem("unreachable", 0, "", null);
  });
  if (!response.ok) throw await readProblem(response);
  return response;
}

export function apiUrl(path: string, query: CallOptions["query"] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
  return `/api/v1${path}${given.length > 0 ? `?${search}` : ""}`;
}

export async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get("x-request-id") ?? response.headers.get("x-carrel-request-id");
  // Whatever stands between may answer with a page of its own; its status is still true.
  const problem = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const code = problem?.code ?? (response.status >= 500 ? "unavailable" : "bad_request");
  return new ApiProblem(code, response.status, problem?.detail ?? "", requestId);
}
