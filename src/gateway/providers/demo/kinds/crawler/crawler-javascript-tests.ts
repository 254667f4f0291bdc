import type { Design } from "../../design.ts";

export const javascriptCrawlerTests = ({
  name,
  json,
  emptyTest,
}: Design): string => `import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer‹, type IncomingMessage, type ServerResponse› } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test‹, type TestContext› } from "node:test";
import { fileURLToPath } from "node:url";
import { main } from "../${name}.js";
import { crawl } from "../src/${name}/crawl.js";
import { linksFrom, readPage } from "../src/${name}/parse.js";
import { NotLocal } from "../src/${name}/source.js";

const SAMPLE‹: string› = fileURLToPath(new URL("../sample", import.meta.url));
let folder‹: string›;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "site-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function site(pages‹: Record<string, string>›) {
  for (const [page, text] of Object.entries(pages)) writeFileSync(join(folder, page), text);
  return folder;
}

/** A server of this machine, on a free port. */
async function serve(t‹: TestContext›, root‹: string›)‹: Promise<string>› {
  const server = createServer((request‹: IncomingMessage›, response‹: ServerResponse›) => {
    if (request.url === "/away") return response.writeHead(302, { location: "http://192.0.2.1/" }).end();
    try {
      const text = readFileSync(join(root, request.url === "/" ? "index.html" : String(request.url)));
      response.writeHead(200, { "content-type": "text/html" }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise‹<void>›((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address()‹ as { port: number }›;
  return \`http://127.0.0.1:\${port}/\`;
}

async function call(...args‹: string[]›) {
  const output‹: string[]› = [];
  const error‹: string[]› = [];
  const code = await main(args, (text) => output.push(text), (text) => error.push(text));
  return { code, output: output.join("\\n"), error: error.join("\\n") };
}

test("title and links are read from broken HTML too", () => {
  const page = readPage("<title> A &amp;\\n B </title><a HREF=' x.html '>x<p><a name=y><a href=z.html><!-- <a href=no> -->");
  assert.deepEqual(page, { title: "A & B", links: ["x.html", "z.html"] });
});

test("links become whole addresses, once each", () => {
  const links = ["b.html#top", "b.html", "/c", "mailto:a@b.c", "http://[x"];
  assert.deepEqual(linksFrom(links, "http://127.0.0.1/a/"), ["http://127.0.0.1/a/b.html", "http://127.0.0.1/c"]);
});

test("the sample has three pages, a broken link and one to elsewhere", async () => {
  const { pages, broken, outside } = await crawl(SAMPLE);
  assert.deepEqual(pages.map(({ address }) => address), ["index.html", "about.html", "news/index.html"]);
  assert.deepEqual(broken, [{ address: "missing.html", from: "about.html" }]);
  assert.deepEqual(outside, ["https://example.org/"]);
});

test("a server of this machine is crawled like a folder", async (t‹: TestContext›) => {
  const titles = async (start‹: string›) => new Set((await crawl(start)).pages.map(({ title }) => title));
  const served = await serve(t, SAMPLE);
  assert.deepEqual(await titles(served), await titles(SAMPLE));
  assert.deepEqual((await crawl(served)).broken.map(({ address }) => address), ["missing.html"]);
});

test("where a server points elsewhere is not followed", async (t‹: TestContext›) => {
  const { broken } = await crawl(await serve(t, site({ "index.html": '<a href="/away">x</a>' })));
  assert.deepEqual(broken, [{ address: "away", from: "/" }]);
});

test("pages that link in a circle are read once", async () => {
  const start = site({ "index.html": '<a href="a.html">', "a.html": '<a href="index.html"><a href="a.html">' });
  assert.equal((await crawl(start)).pages.length, 2);
});

test("a link out of the folder is not read", async () => {
  mkdirSync(join(folder, "inner"));
  site({ "secret.html": "<title>secret</title>", "inner/index.html": '<a href="../secret.html">' });
  const { pages, outside } = await crawl(join(folder, "inner"));
  assert.deepEqual([pages.length, outside.length], [1, 1]);
});

test("it stops at the most pages", async () => assert.equal((await crawl(SAMPLE, 2)).pages.length, 2));

test("places elsewhere are refused", async () => {
  for (const start of ["https://example.org/", "http://192.0.2.1/", "http://localhost.example.org/", "no-such-folder"]) {
    await assert.rejects(crawl(start), NotLocal);
  }
  const { code, output, error } = await call("no-such-folder");
  assert.deepEqual([code, output], [1, ""]);
  assert.match(error, /no-such-folder/);
});

test("the report names pages and broken links", async () => {
  const { code, output } = await call(SAMPLE);
  assert.equal(code, 0);
  assert.match(output, /news\\/index\\.html[^]*missing\\.html/);
});
${
  json
    ? `
test("JSON output can be read back", async () => {
  assert.deepEqual(JSON.parse((await call(SAMPLE, "--json")).output), await crawl(SAMPLE));
});
`
    : ""
}${
  emptyTest
    ? `
test("an empty folder and an empty page", async () => {
  assert.equal((await crawl(folder)).broken.length, 1);
  assert.deepEqual(readPage(""), { title: "", links: [] });
});
`
    : ""
}`;
