import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { IMAGE } from "./engine.ts";

/** What the test's one signature finds: no malware, and known to nobody else. */
export const SAMPLE = "CARREL-MALWARE-TEST-SAMPLE";

/** The image as an operator makes it who has signatures for clamav: of his own, in clamav's form of hexadecimal text. */
export async function imageWithSignatures(): Promise<{ image: string; remove(): Promise<void> }> {
  const image = `carrel-test-signatures:${crypto.randomUUID().slice(0, 8)}`;
  const context = await mkdtemp(path.join(tmpdir(), "carrel-signatures-"));
  const docker = (...argv: string[]) =>
    promisify(execFile)("docker", argv, { env: { DOCKER_BUILDKIT: "0", ...process.env } });
  try {
    const signature = `Carrel.Test:0:*:${Buffer.from(SAMPLE).toString("hex")}\n`;
    await writeFile(path.join(context, "test.ndb"), signature);
    await writeFile(path.join(context, "Dockerfile"), `FROM ${IMAGE}\nCOPY test.ndb /var/lib/clamav/\n`);
    await docker("build", "--quiet", "--tag", image, context);
  } finally {
    await rm(context, { recursive: true });
  }
  return { image, remove: async () => void (await docker("image", "rm", "--no-prune", image)) };
}
