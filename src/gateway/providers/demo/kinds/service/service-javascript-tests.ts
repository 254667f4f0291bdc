import { quote } from "../write-source.ts";
import type { ServiceShape } from "./service-shape.ts";

export function javascriptServiceTests({ design, plural, main, ticks, samples }: ServiceShape): string {
  const { name, emptyTest } = design;
  const [first, second] = samples.map(quote);
  const change = ticks ? "done: true" : `${main}: ${second}`;
  return `import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { main } from "../${name}.js";
import { LIMIT, serve } from "../src/${name}/server.js";
import { openStore, StoreError } from "../src/${name}/store.js";

let folder‹: string›;
let file‹: string›;
let server‹: Awaited<ReturnType<typeof serve>>›;

// Each test talks to a server of its own, on a free port of this machine.
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), ${quote(`${name}-`)}));
  file = join(folder, "records.json");
  server = await serve(openStore(file), 0);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

async function ask(method‹: string›, path‹: string›, body‹?: unknown›) {
  const text = typeof body === "string" || body === undefined ? body : JSON.stringify(body);
  const response = await fetch(\`http://127.0.0.1:\${server.port}\${path}\`, { method, body: text });
  const answered = await response.text();
  return { status: response.status, value: answered === "" ? undefined : JSON.parse(answered) };
}

const add = (text‹: string›) => ask("POST", "/${plural}", { ${main}: text });

test("what is added is listed and can be asked for alone", async () => {
  const { status, value } = await add(${first});
  assert.deepEqual([status, value.${main}], [201, ${first}]);
  assert.deepEqual(await ask("GET", "/${plural}"), { status: 200, value: [value] });
  assert.deepEqual(await ask("GET", \`/${plural}/\${value.id}\`), { status: 200, value });
});

test("the list can be searched", async () => {
  await add(${first});
  await add("Needle 🪡");
  const { value } = await ask("GET", "/${plural}?search=nEEdle");
  assert.deepEqual(value.map((record‹: { ${main}: string }›) => record.${main}), ["Needle 🪡"]);
});

test("a change touches only what it names", async () => {
  const { value } = await add(${first});
  const changed = await ask("PATCH", "/${plural}/1", { ${change} });
  assert.deepEqual(changed, { status: 200, value: { ...value, ${change} } });
});

test("what is removed is gone and the other stays", async () => {
  await add(${first});
  await add(${second});
  assert.equal((await ask("DELETE", "/${plural}/1")).status, 204);
  assert.equal((await ask("GET", "/${plural}/1")).status, 404);
  assert.deepEqual((await ask("GET", "/${plural}")).value.map((record‹: { id: number }›) => record.id), [2]);
});

test("what is kept is there after a new start", async () => {
  const { value } = await add(${first});
  assert.deepEqual(openStore(file).all(), [value]);
});

test("wrong bodies are refused and nothing is kept", async () => {
  const wrong‹: [unknown, number][]› = [["no JSON", 400], [[1], 400], [{}, 422], [{ ${main}: 5 }, 422], [{ other: "x" }, 422]];
  for (const [body, status] of wrong) {
    const refused = await ask("POST", "/${plural}", body);
    assert.equal(refused.status, status);
    assert.equal(typeof refused.value.error, "string");
  }
  assert.deepEqual((await ask("GET", "/${plural}")).value, []);
});

test("other addresses and methods are refused", async () => {
  assert.equal((await ask("GET", "/elsewhere")).status, 404);
  assert.equal((await ask("PUT", "/${plural}", {})).status, 405);
});

test("a body beyond the limit is refused", async () => {
  assert.equal((await ask("POST", "/${plural}", " ".repeat(LIMIT + 1))).status, 413);
});

test("a damaged file is reported and left alone", () => {
  writeFileSync(file, "not JSON");
  assert.throws(() => openStore(file), StoreError);
  assert.equal(readFileSync(file, "utf8"), "not JSON");
});

test("trying it out shows a record", async () => {
  const output‹: string[]› = [];
  assert.equal(await main(["--try"], (text) => output.push(text), console.error), 0);
  assert.ok(output.join("\\n").includes(${first}));
});
${
  emptyTest
    ? `
test("empty text is refused", async () => {
  for (const text of ["", "   "]) assert.equal((await add(text)).status, 422);
  assert.deepEqual((await ask("GET", "/${plural}?search=")).value, []);
});
`
    : ""
}`;
}
