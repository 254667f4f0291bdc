import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { createLogger } from "#platform/log.ts";

test("what an HTTP client's error carries of request and response is not logged, however deep it stands", () => {
  const written: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      done();
    },
  });
  const exchange = { request: { body: { access_token: "ghu_1" } }, response: { data: { code: "ghu_1" } } };
  const failed = () => Object.assign(new Error("Not Found"), { status: 404, ...exchange });
  const log = createLogger("test", "info", stream);
  log.warn({ err: failed() }, "one");
  log.warn({ err: new AggregateError([failed()], "many") }, "two");
  log.warn({ err: Object.assign(new Error("outer"), { inner: failed() }) }, "three");
  log.warn({ err: new Error("outer", { cause: failed() }) }, "four");
  const text = written.join("");
  expect(text).not.toContain("ghu_1");
  expect(text.match(/Not Found/g)?.length).toBeGreaterThanOrEqual(4);
  expect(text).toContain('"status":404');
});
