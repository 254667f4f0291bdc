import { afterAll, beforeAll, expect, test } from "vitest";
import { apiClient, call } from "../support/api-client.ts";
import { type Stack, startStack } from "../support/stack.ts";

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ parts: ["web"], env: { CARREL_RATE_API: "10", CARREL_RATE_SIGNIN: "3" } });
}, 180_000);

afterAll(() => stack?.stop());

const ask = (email: string) => apiClient(stack.webUrl, stack.database.db, email);

test("a user over the limit waits; another one goes on, until their address has had its share", async () => {
  const [ann, bob] = [await ask("ann@example.org"), await ask("bob@example.org")];
  for (let n = 0; n < 10; n += 1) expect((await ann.call("GET", "/me")).status).toBe(200);
  const refused = await ann.call("GET", "/me");
  expect(refused.status).toBe(429);
  expect(refused.body.code).toBe("rate_limited");
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(60);
  expect((await bob.call("GET", "/me")).status).toBe(200);

  // Refused credentials weigh as much as a user's whole share: the address is closed after a few.
  const statuses = [];
  for (let n = 0; n < 12; n += 1) {
    statuses.push(
      (await call(stack.webUrl, "GET", "/me", { headers: { authorization: "Bearer carrel_x" } })).status,
    );
  }
  expect(statuses[0]).toBe(401);
  expect(statuses.at(-1)).toBe(429);
  expect((await bob.call("GET", "/me")).status).toBe(429);
});

test("sign-in is limited by address", async () => {
  const locations = [];
  for (let n = 0; n < 5; n += 1) {
    const answer = await fetch(`${stack.webUrl}/sign-in/local?code=wrong`, { redirect: "manual" });
    locations.push(answer.headers.get("location"));
  }
  expect(locations).toEqual([
    ...Array(3).fill("/sign-in?error=code"),
    ...Array(2).fill("/sign-in?error=rate-limited"),
  ]);
});
