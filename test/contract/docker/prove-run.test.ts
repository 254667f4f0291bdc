import { afterAll, beforeAll, expect, test } from "vitest";
import { GOOD_FILES, resultFiles } from "../../support/scripted-builder.ts";
import { outside, whyNoDocker } from "./engine.ts";
import { findingsOf, type Proving, startProving } from "./proving.ts";

const reason = await whyNoDocker();
let proving: Proving | undefined;

beforeAll(async () => {
  if (reason === null) proving = await startProving();
}, 120_000);
afterAll(async () => proving?.stop());

const TEST = [["node", "--test"]];
const SERVER = `import { spawn } from "node:child_process";
import { createServer } from "node:http";
spawn("sleep", ["876543"], { stdio: "ignore" });
const server = createServer((request, response) => {
  response.writeHead(request.url === "/health" ? 200 : 404).end("well");
});
server.listen(Number(process.env.PORT));
`;
const PROGRAM = `import { writeFileSync } from "node:fs";
writeFileSync("made.txt", process.argv[2]);
writeFileSync("add.js", "overwritten");
console.log("at work");
`;

test("a program is run to its end and a server until it answers, and nothing is left of either", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const files = { ...GOOD_FILES, "main.js": PROGRAM, "server.js": SERVER };
  const run = [["node", "main.js", "word"], { argv: ["node", "server.js"], port: 8123, path: "/health" }];
  const made = await proving.build({ files, commands: { test: TEST, run } });
  expect(findingsOf(made.events, "r1/check:1").filter((line) => line.startsWith("run "))).toEqual([
    expect.stringMatching(/^run info : node main\.js word: ran to its end in \d+ ms$/),
    expect.stringMatching(/^run info : node server\.js: answered after \d+ ms with status 200$/),
  ]);
  // Nothing was looked for without signatures: that is said, and is no failure of the project's.
  expect(findingsOf(made.events, "r1/check:1")).toContainEqual(
    expect.stringMatching(/^clamscan info .*not run: /),
  );
  const scans = made.events.flatMap((event) =>
    event.type === "tool_call_update" && event.toolCallId.endsWith("/tool-clamscan") ? [event.status] : [],
  );
  expect(scans).toEqual(["completed"]);
  const result = await resultFiles(proving.stack, made.desk, made.run.review?.treeHash as string);
  expect(result["add.js"]).toBe(GOOD_FILES["add.js"]);
  expect(Object.keys(result).sort()).toEqual(Object.keys(files).sort());
  expect(await outside(made.desk.userId, "pgrep -fc '[s]leep 876543|[s]erver[.]js' || true")).toMatch(/^0\n/);
}, 300_000);

test("a program that fails, a server that ends or answers badly: repaired, or said in the review", async (context) => {
  if (!proving) return context.skip(reason ?? "");
  const files = {
    ...GOOD_FILES,
    "main.js": 'process.exit(Number("3"));\n',
    "ends.js": 'throw new Error("no listening");\n',
    "bad.js": SERVER.replace("200 : 404", "503 : 503").replace("876543", "1"),
  };
  const run = [
    ["node", "main.js"],
    { argv: ["node", "ends.js"], port: 8124 },
    { argv: ["node", "bad.js"], port: 8125, path: "/health" },
  ];
  const edits = [{ path: "main.js", content: 'console.log("mended");\n' }];
  const made = await proving.build({
    files,
    commands: { test: TEST, run },
    edits,
    policy: { publish: "auto" },
  });
  const told = (step: string) => findingsOf(made.events, step).filter((line) => line.startsWith("run "));
  const bad = [
    "run error : node ends.js: port 8124, GET /: It ended before it answered.",
    "run error : node bad.js: port 8125, GET /health: It answered with status 503.",
  ];
  expect(told("r1/check:1")).toEqual(["run error : node main.js: ended with exit code 3", ...bad]);
  expect(told("r1/check:2")).toEqual([
    expect.stringMatching(/^run info : node main\.js: ran to its end/),
    ...bad,
  ]);
  expect(made.run.status).toBe("awaiting_review");
  expect(made.run.review?.summary).toContain("2 programs do not run as planned");
  const asked = proving.model.questions.find(({ system }) => system.startsWith("You are Carrel's repairer"));
  expect(JSON.stringify(asked?.messages)).toContain("no listening");
}, 300_000);
