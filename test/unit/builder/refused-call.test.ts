import { APIConnectionError, APIError } from "@anthropic-ai/sdk";
import { expect, test } from "vitest";
import { isAboutMoney } from "#engines/budget-needed.ts";
import { isOverCap, refusedCall } from "#engines/refused-call.ts";

const refused = (status: number) => {
  const body = { type: "error", error: { type: "x", message: "Raise the ceiling of this agent." } };
  return APIError.generate(status, body, undefined, new Headers());
};

test.each([
  [402, "over_cap"],
  [404, "not_found"],
  [429, "rate_limited"],
  [400, "upstream_failed"],
  [529, "upstream_failed"],
])("a call that was answered with %i was refused: %s, in the words of who refused", (status, code) => {
  expect(refusedCall(refused(status))).toEqual({ code, words: "Raise the ceiling of this agent." });
  expect([isOverCap(refused(status)), isAboutMoney(refused(status))]).toEqual(Array(2).fill(status === 402));
});

test("an answer that never came, or breaks off, is no refusal; a body without words is told by its status", () => {
  for (const error of [new APIConnectionError({ message: "gone" }), new Error("402"), null])
    expect(refusedCall(error)).toBeNull();
  const bare = APIError.generate(402, undefined, undefined, new Headers());
  expect(refusedCall(bare)).toEqual({ code: "over_cap", words: expect.stringContaining("402") });
});
