import { expect, test } from "vitest";
import { follow, GOOD_FILES, GOOD_PLAN, planned } from "../../support/scripted-builder.ts";
import { scriptedSuite } from "../../support/scripted-suite.ts";

const suite = scriptedSuite();

const MAKING = `import { writeFileSync } from "node:fs";
writeFileSync("sum.js", "export { add } from './add.js';\\n");
`;

/** A project whose tests need what comes before them; how it ends, and what was run in which order. */
async function build(scripts: Record<string, string>) {
  const files = {
    "package.json": `${JSON.stringify({ type: "module", scripts })}\n`,
    "make.js": MAKING,
    "add.test.js": GOOD_FILES["add.test.js"].replace("./add.js", "./sum.js"),
  };
  const commands = { test: [["npm", "test"]] };
  suite.model.script = follow({
    plan: { ...GOOD_PLAN, files: [...GOOD_PLAN.files, planned("make.js")], commands },
    files,
    // Repairs that bring nothing.
    edits: [{ path: "make.js", content: MAKING }],
  });
  const run = await suite.start();
  const { review } = await suite.settled(run, 120_000);
  const events = await suite.events(run);
  const ran = events.flatMap((event) =>
    event.type === "tool_call" && event.step === "r1/check:1" && /^npm /.test(event.title)
      ? [event.title]
      : [],
  );
  return { review, ran };
}

const [BEFORE, AFTER] = ["pretest", "posttest"].map((name) => `npm run --ignore-scripts ${name}`);
const test_ = "node --test --test-reporter spec";

test("what stands before and after a test script is run with it, and its tests are counted", async () => {
  const { review, ran } = await build({
    prepretest: "false",
    pretest: "node make.js",
    test: test_,
    posttest: "test -f sum.js",
  });
  expect(review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 0 });
  expect(ran).toEqual([BEFORE, "npm test", AFTER]);
}, 240_000);

test("nothing follows what fails, and what fails counts", async () => {
  const before = await build({ pretest: "false", test: test_ });
  expect(before.review?.figures).toMatchObject({ testsPassed: 0, testsFailed: 1 });
  expect(before.ran).toEqual([BEFORE]);
  const after = await build({ pretest: "node make.js", test: test_, posttest: "false" });
  expect(after.review?.figures).toMatchObject({ testsPassed: 1, testsFailed: 1 });
}, 240_000);
