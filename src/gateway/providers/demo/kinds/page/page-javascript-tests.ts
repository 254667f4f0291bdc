import type { Design } from "../../design.ts";

export const javascriptPageTests = ({
  name,
  emptyTest,
}: Design): string => `import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { main, page, script } from "../${name}.js";
import { ITEMS } from "../src/${name}/items.js";
import { countOf, findItems, listOf } from "../src/${name}/list.js";

const PAIR = [{ name: "Apple", text: "red" }, { name: "Pear 🍐", text: "green" }];

/** The page's own script at work on stand-ins for the three elements that it names. */
function browse() {
  const types = { input: () => {} };
  const element = () => ({
    value: "",
    innerHTML: "",
    textContent: "",
    addEventListener: (_‹: string›, act‹: () => void›) => {
      types.input = act;
    },
  });
  const elements‹: Record<string, ReturnType<typeof element>>› = { search: element(), list: element(), count: element() };
  runInNewContext(script(), { document: { getElementById: (id‹: string›) => elements[id] } });
  const type = (text‹: string›) => {
    elements.search.value = text;
    types.input();
  };
  return { ...elements, type, list: elements.list, count: elements.count };
}

test("the search looks at names and texts, in any case", () => {
  assert.deepEqual(findItems(PAIR, " APP ").map((item) => item.name), ["Apple"]);
  assert.deepEqual(findItems(PAIR, "green").map((item) => item.name), ["Pear 🍐"]);
  assert.equal(findItems(PAIR, "plum").length, 0);
});

test("a name is shown and never run", () => {
  const html = listOf([{ name: "<script>alert(1)</script>", text: "a & b" }]);
  assert.equal(html, "<li>&lt;script&gt;alert(1)&lt;/script&gt;<small>a &amp; b</small></li>");
});

test("it says how many fit, and when none does", () => {
  assert.match(countOf(PAIR, "pear"), /1.*2|2.*1/);
  assert.match(countOf(PAIR, " plum "), /plum/);
});

test("at first the page shows everything", () => {
  const { list, count } = browse();
  assert.equal(list.innerHTML, listOf(ITEMS));
  assert.equal(count.textContent, countOf(ITEMS, ""));
});

test("typing narrows the list", () => {
  const { list, type } = browse();
  type(ITEMS[0].name);
  assert.equal(list.innerHTML, listOf(findItems(ITEMS, ITEMS[0].name)));
  type("no such thing");
  assert.equal(list.innerHTML, "");
});

test("the page needs no other file and holds what the script names", () => {
  const html = page();
  assert.doesNotMatch(html, /<link|src=|^(import|export) /m);
  for (const id of ["search", "list", "count"]) assert.ok(html.includes(\`id="\${id}"\`), id);
  assert.equal(html.split("</script>").length, 2);
});

test("the page is written", () => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const output = join(folder, "site");
  assert.equal(main(["--output", output], () => {}, console.error), 0);
  assert.equal(readFileSync(join(output, "index.html"), "utf8"), page());
  rmSync(folder, { recursive: true });
});
${
  emptyTest
    ? `
test("a list of nothing is empty, an empty search finds everything", () => {
  assert.equal(listOf([]), "");
  assert.equal(findItems(PAIR, "   ").length, 2);
});
`
    : ""
}`;
