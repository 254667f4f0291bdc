import { cpus, totalmem } from "node:os";
import { measureAgent } from "./measure-agent.ts";
import { measureBuilder } from "./measure-builder.ts";
import { measureGateway } from "./measure-gateway.ts";
import { measureStart } from "./measure-start.ts";
import { measureWorkspace } from "./measure-workspace.ts";
import { printTable, type Row } from "./table.ts";

// `npm run bench [-- name]`: times and ratios live here and in docs/benchmarks.md, never in a test's assertions.

const BENCHMARKS: Record<string, () => Promise<Row[]>> = {
  start: measureStart,
  agent: measureAgent,
  builder: measureBuilder,
  workspace: measureWorkspace,
  gateway: measureGateway,
};

const [wanted] = process.argv.slice(2);
const names = wanted === undefined ? Object.keys(BENCHMARKS) : [wanted];
const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpus().length} cores, ${memory}`,
);
for (const name of names) {
  const measure = BENCHMARKS[name];
  if (measure === undefined) {
    console.error(`There is no benchmark ${name}; there are ${Object.keys(BENCHMARKS).join(", ")}.`);
    process.exit(1);
  }
  console.log(`\n${name}`);
  printTable(await measure());
}
process.exit();
