import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import { engineCall, tolerating } from "#workspaces/drivers/docker/engine-call.ts";
import { Lanes } from "#workspaces/drivers/docker/lanes.ts";

test("a call to an engine that hangs ends at its deadline, and the engine is told", async () => {
  let given: AbortSignal | undefined;
  const call = engineCall("answer", 20, (signal) => {
    given = signal;
    return new Promise(() => {});
  });
  await expect(call).rejects.toMatchObject({ code: "timeout" });
  expect(given?.aborted).toBe(true);
});

test("an engine that is not there is said to be; what it refuses is told in its own words", async () => {
  const gone = engineCall("answer", 1000, () =>
    Promise.reject(Object.assign(new Error("x"), { code: "ENOENT" })),
  );
  await expect(gone).rejects.toMatchObject({
    code: "unavailable",
    message: "The container engine does not answer (ENOENT).",
  });
  const refusal = Object.assign(new Error("x"), { statusCode: 409, json: { message: "name in use\nmore" } });
  const refused = () => engineCall("make it", 1000, () => Promise.reject(refusal));
  await expect(refused()).rejects.toMatchObject({
    message: "The container engine could not make it: name in use",
  });
  await tolerating([409], refused());
  await expect(tolerating([404], refused())).rejects.toMatchObject({ code: "unavailable" });
});

test("things asked of one workspace happen one after the other, those of two at once", async () => {
  const lanes = new Lanes();
  const seen: string[] = [];
  const slow = (word: string) => async () => {
    seen.push(`${word} begins`);
    await sleep(20);
    seen.push(`${word} ends`);
  };
  const failing = lanes.run("a", () => Promise.reject(new Error("no")));
  const all = [lanes.run("a", slow("first")), lanes.run("a", slow("second")), lanes.run("b", slow("other"))];
  await expect(failing).rejects.toThrow("no");
  await Promise.all(all);
  expect(seen.filter((word) => !word.startsWith("other"))).toEqual([
    "first begins",
    "first ends",
    "second begins",
    "second ends",
  ]);
  expect(seen.indexOf("other begins")).toBeLessThan(seen.indexOf("first ends"));
});

test("DOCKER_HOST names a socket or a host, anything else is refused in words", () => {
  expect(() => connectEngine("unix:///run/docker.sock")).not.toThrow();
  expect(() => connectEngine("tcp://10.0.0.1:2376")).not.toThrow();
  expect(() => connectEngine("docker.sock")).toThrow(/DOCKER_HOST is not valid/);
});
