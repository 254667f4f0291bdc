import { ApiProblem, apiUrl, type CallOptions, readProblem } from "#app/_data/call-api.ts";

/**
 * Sends a file's bytes and tells how far it is, which fetch cannot.
 * @throws ApiProblem
 */
export function sendFile<T>(
  path: string,
  file: File,
  options: Pick<CallOptions, "query" | "idempotencyKey" | "signal"> & { onProgress(share: number): void },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", apiUrl(path, options.query));
    request.setRequestHeader("content-type", "application/octet-stream");
    if (options.idempotencyKey) request.setRequestHeader("idempotency-key", options.idempotencyKey);
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as T);
      else void readProblem(responseOf(request)).then(reject, reject);
    };
    request.onerror = () => reject(new ApiProblem("unreachable", 0, "", null));
    request.onabort = () => reject(options.signal?.reason);
    options.signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  const id = request.getResponseHeader("x-request-id");
  if (id) headers.set("x-request-id", id);
  return new Response(request.responseText, { status: request.status, headers });
}
