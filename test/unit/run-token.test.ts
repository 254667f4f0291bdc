import { describe, expect, it } from "vitest";
import { looksLikeRunToken, signRunToken, verifyRunToken } from "#gateway/run-token.ts";
import { newSecret } from "#platform/crypto.ts";

const CLAIMS = { userId: "u", agentId: "a", runId: "r", fence: 3, step: "r1/write:src/앱.py" };

describe("run tokens", () => {
  it("say what was signed", async () => {
    const token = await signRunToken("secret", CLAIMS, 60);
    expect(await verifyRunToken("secret", token)).toMatchObject(CLAIMS);
    expect(looksLikeRunToken(token)).toBe(true);
    expect(looksLikeRunToken(`carrel_${newSecret()}`)).toBe(false);
  });

  it("are refused when expired, of another secret, changed, or of another algorithm", async () => {
    const token = await signRunToken("secret", CLAIMS, 60);
    const [header, payload, signature] = token.split(".");
    const richer = Buffer.from(JSON.stringify({ ...CLAIMS, fence: 4 })).toString("base64url");
    const none = Buffer.from('{"alg":"none"}').toString("base64url");
    for (const bad of [
      await signRunToken("secret", CLAIMS, -1),
      await signRunToken("other", CLAIMS, 60),
      `${header}.${richer}.${signature}`,
      `${none}.${payload}.`,
      "a.b.c",
      "",
    ]) {
      await expect(verifyRunToken("secret", bad)).rejects.toMatchObject({ code: "unauthenticated" });
    }
  });
});
