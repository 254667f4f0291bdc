import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { holdHome } from "#launch/hold-home.ts";
import { temporaryDirectory } from "../../support/temporary-directory.ts";

/** A process of its own that holds `dir` until it is killed. */
async function holderOf(dir: string): Promise<{ kill(): Promise<void>; pid: number }> {
  const script = `
    import { holdHome } from "#launch/hold-home.ts";
    const home = await holdHome(${JSON.stringify(dir)});
    await home.note({ command: "npm start", url: "http://localhost:3000", parts: [{ name: "web", pid: 1 }] });
    process.stdout.write("held");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return {
    pid: child.pid as number,
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test("a second start on the same data is told in one line who runs and where", async () => {
  const dir = await temporaryDirectory();
  const { pid } = await holderOf(dir);
  await expect(holdHome(dir)).rejects.toThrow(
    `Carrel already runs on ${dir} (\`npm start\`, process ${pid}, http://localhost:3000)`,
  );
});

test("the data are free again the moment their holder was killed, and its note is still to be read", async () => {
  const dir = await temporaryDirectory();
  const holder = await holderOf(dir);
  await holder.kill();
  await expect
    .poll(() => holdHome(dir).catch((error: Error) => error.message), { timeout: 5000 })
    .toMatchObject({
      previous: { pid: holder.pid, parts: [{ name: "web", pid: 1 }] },
    });
});

test("of ten that want the same data at once, one gets them", async () => {
  const dir = await temporaryDirectory();
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => holdHome(dir)));
  const held = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  expect(held).toHaveLength(1);
  await held[0]?.release();
  await (await holdHome(dir)).release();
});

test("a directory that is made here is closed to other users", async () => {
  const dir = path.join(await temporaryDirectory(), "new/home");
  const home = await holdHome(dir);
  expect((await stat(dir)).mode & 0o077).toBe(0);
  await home.release();
});

test("a data directory that cannot be made is named, with the variable to set", async () => {
  const file = path.join(await temporaryDirectory(), "file");
  await writeFile(file, "");
  await expect(holdHome(path.join(file, "home"))).rejects.toThrow(
    /Cannot write to .*file\/home \(ENOTDIR\): set CARREL_HOME/,
  );
});
