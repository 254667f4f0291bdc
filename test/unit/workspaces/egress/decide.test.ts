import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { isListed, isWithin, parsePattern, writePattern } from "#workspaces/egress/allow-list.ts";
import { connectChecked } from "#workspaces/egress/connect-checked.ts";
import { type EgressRules, refuseAddresses, refuseDestination } from "#workspaces/egress/decide.ts";
import { parseDestination } from "#workspaces/egress/destination.ts";
import { operatorRules } from "#workspaces/egress/operator-rules.ts";

const list = (...patterns: string[]) => patterns.map(parsePattern);
const rules = (given: Partial<EgressRules> = {}): EgressRules => ({
  allow: list("registry.example:443"),
  userAllow: list("*"),
  private: new Set(),
  own: () => new Set(),
  ...given,
});
const on = (...allow: string[]) => ({ enabled: true, allow: list(...allow) });
const verdict = (given: EgressRules, policy: ReturnType<typeof on>, to: string) =>
  refuseDestination(given, policy, parseDestination(to))?.code ?? "passes";

describe("a list of hosts", () => {
  test.each([
    ["example.org", "example.org:443", true],
    ["example.org", "example.org:80", true],
    ["example.org", "example.org:22", false],
    ["example.org:22", "example.org:22", true],
    ["example.org:22", "example.org:443", false],
    ["example.org:*", "example.org:2222", true],
    ["example.org", "sub.example.org:443", false],
    ["example.org", "notexample.org:443", false],
    ["example.org", "example.org.evil.test:443", false],
    ["*.example.org", "sub.example.org:443", true],
    ["*.example.org", "a.b.example.org:443", true],
    ["*.example.org", "example.org:443", false],
    ["*.example.org", "evilexample.org:443", false],
    ["Example.ORG.", "example.org:443", true],
    ["bücher.example", "xn--bcher-kva.example:443", true],
    ["*", "anything.test:443", true],
    ["*", "anything.test:25", false],
    ["*:*", "anything.test:25", true],
    ["1.1.1.1", "0x01010101:443", true],
    ["[2606:4700::1111]:443", "[2606:4700:0::1111]:443", true],
  ])("%s lets %s through: %s", (pattern, to, expected) => {
    expect(isListed(list(pattern), parseDestination(to))).toBe(expected);
  });

  test.each(["", "*.", "**", "*.*.org", "a*.org", "http://x", "x:0", "x:99999", "x y", "*.1.1.1.1", "x/*"])(
    "%j is no entry of one",
    (pattern) =>
      expect(() => parsePattern(pattern)).toThrow(expect.objectContaining({ code: "bad_request" })),
  );

  test.each([
    ["example.org", "example.org:443", true],
    ["example.org", "example.org:22", false],
    ["*.example.org", "*.sub.example.org", true],
    ["*.example.org", "*", false],
    ["*", "*", true],
    ["*", "1.1.1.1", true],
    ["*", "x.test:*", false],
    ["*:*", "x.test:*", true],
  ])("what users may add under %s holds %s: %s", (allowed, wanted, expected) => {
    expect(isWithin(list(allowed), parsePattern(wanted))).toBe(expected);
  });

  test.each(["example.org", "example.org:22", "*.example.org", "*", "*:*", "[2606:4700::1111]:443", "*:25"])(
    "%s is written as it was read",
    (pattern) => expect(writePattern(parsePattern(pattern))).toBe(pattern),
  );
});

describe("whether a workspace may go there", () => {
  test("what the operator lists, and what the user adds within the operator's bounds", () => {
    expect(verdict(rules(), on(), "registry.example:443")).toBe("passes");
    expect(verdict(rules(), on(), "other.example:443")).toBe("not_listed");
    expect(verdict(rules(), on("other.example"), "other.example:443")).toBe("passes");
    expect(verdict(rules({ userAllow: [] }), on("other.example"), "other.example:443")).toBe("not_listed");
    expect(verdict(rules(), { ...on("other.example"), enabled: false }, "registry.example:443")).toBe(
      "switched_off",
    );
  });

  test("one address that is not public spoils a name, unless the operator lists this very host and port", () => {
    const to = parseDestination("mirror.example:443");
    const judge = (given: EgressRules, ...addresses: string[]) =>
      refuseAddresses(given, to, addresses)?.code ?? "passes";
    expect(judge(rules(), "1.1.1.1")).toBe("passes");
    expect(judge(rules(), "1.1.1.1", "10.0.0.1")).toBe("not_public");
    expect(judge(rules({ private: new Set(["mirror.example:443"]) }), "10.0.0.1")).toBe("passes");
    expect(judge(rules({ private: new Set(["mirror.example:80"]) }), "10.0.0.1")).toBe("not_public");
    // An address that this host is given later counts from then on.
    const own = new Set<string>();
    const host = rules({ own: () => own });
    expect(judge(host, "1.1.1.1")).toBe("passes");
    own.add("1.1.1.1");
    expect(judge(host, "1.1.1.1")).toBe("not_public");
  });

  test("registries, git hosts and EGRESS_ALLOW are the operator's list; a wrong entry says what is right", () => {
    const registries = {
      npm: new URL("https://npm.example/"),
      pypi: new URL("http://pypi.example:8080/simple/"),
    };
    const settings = { allow: ["more.example"], userAllow: ["*"], allowPrivate: ["NPM.example:443"] };
    const made = operatorRules(settings, registries);
    for (const to of ["npm.example:443", "pypi.example:8080", "github.com:443", "more.example:80"])
      expect(verdict(made, on(), to), to).toBe("passes");
    expect([...made.private]).toEqual(["npm.example:443"]);
    expect(() => operatorRules({ ...settings, allow: ["http://x"] }, registries)).toThrow(/should be host/);
  });
});

describe("the connection", () => {
  async function server(): Promise<{ port: number; visits(): number }> {
    let visits = 0;
    const listening = createServer((socket) => {
      visits += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void listening.close());
    return { port: (listening.address() as { port: number }).port, visits: () => visits };
  }

  test("goes to the address that was checked: a name that changes its answer gains nothing", async () => {
    const { port, visits } = await server();
    const answers = [["1.1.1.1", "127.0.0.1"], ["127.0.0.1"]];
    let asked = 0;
    const rebinding = async () => answers[asked++] ?? ["127.0.0.1"];
    const to = parseDestination(`rebind.test:${port}`);
    for (let time = 0; time < 3; time++) {
      await expect(connectChecked(rules(), rebinding, to)).rejects.toMatchObject({
        code: "forbidden",
        details: { reason: "not_public" },
      });
    }
    expect(visits()).toBe(0);
    // Asked once for each connection, never again between the check and the connect.
    expect(asked).toBe(3);
    const trusting = rules({ private: new Set([`rebind.test:${port}`]) });
    (await connectChecked(trusting, async () => ["127.0.0.1"], to)).destroy();
    await expect.poll(visits).toBe(1);
  });

  test("an address is not resolved, and one that is not public is refused", async () => {
    const { port, visits } = await server();
    const never = async () => {
      throw new Error("it was resolved");
    };
    await expect(
      connectChecked(rules(), never, parseDestination(`2130706433:${port}`)),
    ).rejects.toMatchObject({ code: "forbidden" });
    expect(visits()).toBe(0);
  });

  test("a name without an address, and a port where nobody listens, are said", async () => {
    const nowhere = async () => {
      throw Object.assign(new Error("no"), { code: "ENOTFOUND" });
    };
    await expect(connectChecked(rules(), nowhere, parseDestination("x.test:443"))).rejects.toMatchObject({
      code: "upstream_failed",
      message: "x.test could not be resolved (ENOTFOUND)",
    });
    const trusting = rules({ private: new Set(["x.test:1"]) });
    await expect(
      connectChecked(trusting, async () => ["127.0.0.1"], parseDestination("x.test:1")),
    ).rejects.toMatchObject({ message: "x.test:1 cannot be reached (ECONNREFUSED)" });
  });
});
