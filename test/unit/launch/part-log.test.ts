import { appendFile, readFile, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { followLog, warningIn } from "#launch/part-log.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

test("warnings and errors are shown in a few words, the rest is for the file", () => {
  expect(warningIn('{"level":30,"msg":"ready"}')).toBeNull();
  expect(warningIn('{"level":40,"msg":"slow disk"}')).toBe("slow disk");
  expect(warningIn('{"level":50,"msg":"no answer","err":{"message":"ECONNRESET\\nstack"}}')).toBe(
    "no answer: ECONNRESET",
  );
  expect(warningIn("PORT is not valid: too big")).toBe("PORT is not valid: too big");
  expect(warningIn("")).toBeNull();
});

test("only lines added from now on are passed on, each once and whole, also in Korean", async () => {
  const file = path.join(await temporaryDirectory(), "part.log");
  await writeFile(file, "before\n");
  const lines: string[] = [];
  const follower = await followLog(file, (line) => lines.push(line));
  const text = Buffer.from("가나다 one\ntwo\nthree\n");
  await appendFile(file, text.subarray(0, 4));
  await expect.poll(() => lines.length).toBe(0);
  await appendFile(file, text.subarray(4));
  await follower.stop();
  expect(lines).toEqual(["가나다 one", "two", "three"]);
});

test("a log over its limit is moved aside and begun anew", async () => {
  const file = path.join(await temporaryDirectory(), "part.log");
  await writeFile(file, "");
  const follower = await followLog(file, () => undefined);
  await appendFile(file, `${"x".repeat(21 * 1024 * 1024)}\n`);
  await expect.poll(async () => (await stat(file)).size, { timeout: 5000 }).toBe(0);
  await appendFile(file, "after\n");
  await follower.stop();
  expect(await readFile(file, "utf8")).toBe("after\n");
  expect((await stat(`${file}.1`)).size).toBe(21 * 1024 * 1024 + 1);
});
