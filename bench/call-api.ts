import type { Product } from "../test/support/product.ts";

// biome-ignore lint/suspicious/noExplicitAny: answers of the API, read by the bench alone
export type Call = (method: string, route: string, body?: object) => Promise<any>;

/** Calls of the API with this token. @throws Error for every answer that is none */
export function caller(product: Product, token: string): Call {
  return async (method, route, body) => {
    const response = await fetch(`${product.url}/api/v1${route}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
}
