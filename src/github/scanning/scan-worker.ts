import { parentPort } from "node:worker_threads";
import { scanText } from "#github/scanning/scan-texts.ts";

// One file in, its findings out. A thread of its own, because thousands of files take seconds, and because a rule that
// never ends can only be ended together with its thread.
parentPort?.on("message", async ({ path, content }: { path: string; content: Uint8Array }) => {
  const found = await scanText(path, Buffer.from(content).toString("utf8"));
  parentPort?.postMessage(found);
});
