import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { connectEngine } from "#workspaces/drivers/docker/connect-engine.ts";
import { LABELS } from "#workspaces/drivers/docker/container-spec.ts";
import type { DockerDriver, DockerDriverOptions } from "#workspaces/drivers/docker/docker-driver.ts";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import { hold, sh, smallSpec } from "../workspace/desk.ts";
import { dockerDriver, IMAGE, whyNoDocker } from "./engine.ts";
import { temporaryHome } from "./temporary-home.ts";

const engine = connectEngine(process.env.DOCKER_HOST);
const reason = await whyNoDocker();

describe.skipIf(reason !== null)(`the docker driver itself${reason === null ? "" : `: ${reason}`}`, () => {
  let home = "";
  let remove = () => Promise.resolve();
  beforeAll(async () => {
    ({ home, remove } = await temporaryHome());
  });
  afterAll(() => remove());

  const driverWith = (options: Partial<DockerDriverOptions> = {}) => dockerDriver({ home, ...options });
  function desk(driver: DockerDriver, spec = smallSpec()): HeldWorkspace {
    const held = hold(driver, spec);
    onTestFinished(async () => {
      held.letGo();
      await driverWith().destroy(spec.userId);
    });
    return held;
  }
  const containerOf = (userId: string) => engine.getContainer(`workspace-${userId}`);

  test.each([
    ["a disk of its own", true],
    ["a volume of the engine", false],
  ])("data on %s outlives the container, and the kind stays what it was", async (_, boundedDisks) => {
    const spec = smallSpec();
    const held = desk(driverWith({ boundedDisks }), spec);
    await held.agent("one").write("file", "kept");
    await containerOf(spec.userId).remove({ force: true });
    expect((await held.agent("one").read("file")).toString()).toBe("kept");
    await held.down();
    const next = desk(driverWith(), spec);
    expect((await next.agent("one").read("file")).toString()).toBe("kept");
    const { Mounts } = await containerOf(spec.userId).inspect();
    const data = Mounts.find(({ Destination }) => Destination === "/workspace");
    expect(data?.Type).toBe(boundedDisks ? "bind" : "volume");
    expect((await driverWith().status(spec.userId)).state).toBe("running");
  });

  test("a new image, or another limit, is taken at the next start, and not before", async () => {
    const spec = smallSpec();
    const held = desk(driverWith(), spec);
    await held.agent("one").write("file", "kept");
    const upgraded = "carrel-workspace-test:upgraded";
    const made = await engine.createContainer({ Image: IMAGE, Labels: { upgraded: "yes" } });
    const { Id } = (await made.commit({ repo: "carrel-workspace-test", tag: "upgraded" })) as { Id: string };
    await made.remove();
    onTestFinished(async () => void (await engine.getImage(upgraded).remove({ force: true })));
    const driver = driverWith({ image: upgraded });
    const next = desk(driver, { ...spec, processes: 80 });
    expect((await next.agent("one").read("file")).toString()).toBe("kept");
    const before = await containerOf(spec.userId).inspect();
    expect(before.Image).not.toBe(Id);
    await next.down();
    expect((await next.agent("one").read("file")).toString()).toBe("kept");
    const after = await containerOf(spec.userId).inspect();
    expect(after.Image).toBe(Id);
    expect(after.HostConfig.PidsLimit).toBe(80);
    expect(after.Id).not.toBe(before.Id);
  });

  test("a larger disk is given at the next start", async (context) => {
    if (!(await driverWith().probe()).enforced.includes("size of the disk"))
      context.skip("disks are not bounded here");
    const MiB = 1024 * 1024;
    const spec = { ...smallSpec(), diskBytes: 32 * MiB };
    const held = desk(driverWith(), spec);
    const free = async (each: HeldWorkspace) =>
      Number((await each.agent("one").exec(sh("df -B1 --output=size /workspace | tail -1"))).stdout);
    expect(await free(held)).toBeLessThan(32 * MiB);
    await held.down();
    const next = desk(driverWith(), { ...spec, diskBytes: 128 * MiB });
    expect(await free(next)).toBeGreaterThan(64 * MiB);
  });

  test.each([
    ["a socket", true],
    ["exec streams", false],
  ])("what is paused goes on when it is resumed, its link by %s too", async (_, socketMount) => {
    const driver = driverWith({ socketMount });
    const held = desk(driver);
    const agent = held.agent("one");
    const counting = agent.exec(sh("for i in 1 2 3 4 5 6; do echo $i; sleep 0.1; done"));
    await held.up();
    await driver.pause(held.userId);
    expect((await driver.status(held.userId)).state).toBe("paused");
    await driver.pause(held.userId);
    await driver.resume(held.userId);
    await driver.resume(held.userId);
    expect((await driver.status(held.userId)).state).toBe("running");
    expect((await counting).stdout).toBe("1\n2\n3\n4\n5\n6\n");
    // One that is paused is started, and stopped, like any other.
    await driver.pause(held.userId);
    await driver.start(smallSpec(held.userId));
    expect((await agent.exec(sh("echo on"))).stdout).toBe("on\n");
    await driver.pause(held.userId);
    await held.down();
    expect((await driver.status(held.userId)).state).toBe("stopped");
  });

  test("links that open and close while it is paused and resumed do not wedge the engine", async () => {
    const driver = driverWith({ socketMount: false });
    const held = desk(driver);
    await held.up();
    for (let round = 0; round < 8; round++) {
      const links = await Promise.all([driver.dial(held.userId, "F"), driver.dial(held.userId, "F")]);
      for (const link of links) link.destroy();
      await driver.pause(held.userId);
      const under = driver.resume(held.userId);
      (await driver.dial(held.userId, "F")).destroy();
      await under;
    }
    expect((await held.agent("one").exec(sh("echo on"))).stdout).toBe("on\n");
  });

  test("a link that is asked for while the engine still calls it paused is had a moment later", async () => {
    const held = desk(driverWith({ socketMount: false }));
    await held.up();
    const container = containerOf(held.userId);
    await container.pause();
    const unpaused = sleep(20).then(() => container.unpause());
    const [link] = await Promise.all([driverWith({ socketMount: false }).dial(held.userId, "F"), unpaused]);
    link.destroy();
  });

  test("a container that the engine ended (a reboot, say) is started again with its data", async () => {
    const held = desk(driverWith());
    await held.agent("one").write("file", "kept");
    await containerOf(held.userId).kill();
    expect((await held.agent("one").read("file")).toString()).toBe("kept");
  });

  test("another installation's workspaces on the same engine are not ours", async () => {
    const held = desk(driverWith());
    await held.up();
    const { home: other, remove: away } = await temporaryHome();
    onTestFinished(away);
    expect(await driverWith().running()).toContain(held.userId);
    expect(await dockerDriver({ home: other }).running()).not.toContain(held.userId);
    expect((await containerOf(held.userId).inspect()).Config.Labels).toMatchObject({
      [LABELS.home]: home,
      [LABELS.user]: held.userId,
    });
  });

  test("nothing is left of a workspace that was destroyed", async () => {
    const driver = driverWith();
    const spec = smallSpec();
    const held = hold(driver, spec);
    await held.agent("one").write("file", "gone");
    held.letGo();
    await driver.destroy(spec.userId);
    await expect(containerOf(spec.userId).inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(engine.getVolume(`workspace-${spec.userId}`).inspect()).rejects.toMatchObject({
      statusCode: 404,
    });
    expect(await readFile("/proc/self/mountinfo", "utf8")).not.toContain(spec.userId);
    expect((await driver.status(spec.userId)).state).toBe("absent");
  });

  test("its figures come from the kernel, within its limits", async () => {
    const driver = driverWith();
    const held = desk(driver);
    await held.up();
    const stats = await driver.stats(held.userId);
    expect(stats).toMatchObject({
      memoryLimitBytes: 256 * 2 ** 20,
      processesLimit: 96,
      diskLimitBytes: 256 * 2 ** 20,
    });
    expect(stats.memoryBytes).toBeGreaterThan(5 * 2 ** 20);
    expect(stats.memoryBytes).toBeLessThan(200 * 2 ** 20);
    expect(stats.processes).toBeGreaterThanOrEqual(2);
    expect(stats.cpuSeconds).toBeGreaterThan(0);
    await held.down();
    expect(await driver.stats(held.userId)).toMatchObject({
      memoryBytes: null,
      memoryLimitBytes: 256 * 2 ** 20,
    });
  });

  test("a workspace that nobody asks for anything gives memory back, and works on", async () => {
    const spec = smallSpec();
    const held = desk(driverWith(), spec);
    await held.agent("one").exec(sh("true"));
    const { Processes } = (await containerOf(spec.userId).top({ ps_args: "-eo pid,args" })) as {
      Processes: [string, string][];
    };
    const pid = Processes.find(([, command]) => command.startsWith("/opt/carrel/bin/node"))?.[0];
    const mapped = async () =>
      Number(/^RssFile:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]);
    const before = await mapped();
    await expect.poll(mapped, { timeout: 90_000, interval: 1000 }).toBeLessThan(before / 2);
    expect((await held.agent("one").exec(sh("echo works"))).stdout).toBe("works\n");
  }, 120_000);

  test("an image that the engine does not have is said, with how to make it", async () => {
    await expect(driverWith({ image: "carrel-workspace:none" }).probe()).rejects.toMatchObject({
      code: "unavailable",
      message: "The container engine has no image carrel-workspace:none: npm run workspace-image makes it.",
    });
  });
});

test("without an engine nothing runs, and one line says so", async () => {
  const { home, remove } = await temporaryHome();
  onTestFinished(remove);
  const driver = dockerDriver({ home, engine: connectEngine(`unix://${home.slice(0, 60)}/none.sock`) });
  for (const ask of [() => driver.probe(), () => driver.start(smallSpec())]) {
    await expect(ask()).rejects.toMatchObject({
      code: "unavailable",
      message: "The container engine does not answer (ENOENT).",
    });
  }
});
