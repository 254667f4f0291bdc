import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "../support/api-client.ts";
import {
  buildImages,
  type ComposedProduct,
  composedProduct,
  shell,
  whyNoCompose,
} from "../support/compose.ts";

const reason = await whyNoCompose();

describe.skipIf(reason !== null)(
  `docker-compose.yml${reason === null ? "" : `: ${reason}`}`,
  { timeout: 300_000 },
  () => {
    let product: ComposedProduct | undefined;
    let token = "";
    let agent = "";
    let approved = "";
    const carrel = (): ComposedProduct => {
      if (!product) throw new Error("it is not up");
      return product;
    };
    const ask = (method: string, path: string, json?: unknown) =>
      call(carrel().url, method, path, {
        headers: { authorization: `Bearer ${token}` },
        ...(json === undefined ? {} : { json }),
      });
    const get = async (path: string) => (await ask("GET", path)).body;

    beforeAll(async () => {
      await buildImages();
      product = await composedProduct({ CARREL_DEMO_MODEL: "true" });
      await product.compose("up", "--detach").catch(async (error: unknown) => {
        throw new Error(await product?.compose("logs", "--no-color"), { cause: error });
      });
    }, 900_000);

    afterAll(() => product?.remove(), 120_000);

    /** Until a request that was sent has its result to review. */
    async function untilReview(run: string) {
      await expect
        .poll(async () => (await get(`/runs/${run}`)).status, { timeout: 400_000, interval: 500 })
        .toBe("awaiting_review");
      return (await get(`/runs/${run}`)).review;
    }

    test("what it brings up does the main job: a request becomes version 1, in a container", async () => {
      for (const service of ["web", "gateway", "runner", "postgres"]) {
        const health = async () => (await carrel().inspect(service)).State.Health.Status;
        await expect.poll(health, { timeout: 300_000, interval: 500 }).toBe("healthy");
      }
      token = await carrel().exec("web", "carrel", "token", "create", "--user", "ann@example.org");
      agent = (await ask("POST", "/agents", { name: "Programs", model: "demo" })).body.id;
      const text = "Write a small command-line tool that counts words, in Python, with tests.";
      const { run } = (await ask("POST", `/agents/${agent}/messages`, { text })).body;
      const { treeHash } = await untilReview(run.id);
      const answered = await ask("POST", `/runs/${run.id}/review`, { decision: "approve", treeHash });
      expect(answered.body.status).toBe("succeeded");
      const { versions } = await get(`/agents/${agent}/versions`);
      expect(versions).toMatchObject([{ number: 1, treeHash }]);
      approved = treeHash;
      expect(await get("/workspace")).toMatchObject({ driver: "docker", state: "running" });
      const code = "import platform; print(platform.node())";
      const ran = await ask("POST", `/agents/${agent}/exec`, { language: "python", code });
      expect(ran.body).toMatchObject({ exitCode: 0, stdout: "workspace\n" });
    }, 900_000);

    test("when every part has ended and come again, as after a reboot, the work is there", async () => {
      await carrel().compose("restart", "--timeout", "10");
      const answers = async () => (await ask("GET", `/agents/${agent}/versions`).catch(() => null))?.status;
      await expect.poll(answers, { timeout: 300_000, interval: 500 }).toBe(200);
      expect((await get(`/agents/${agent}/versions`)).versions).toMatchObject([
        { number: 1, treeHash: approved },
      ]);
      const files = async () =>
        (await ask("GET", `/agents/${agent}/files?recursive=true`)).body.files?.length ?? 0;
      await expect.poll(files, { timeout: 300_000, interval: 500 }).toBeGreaterThan(1);
    }, 900_000);

    test("the engine's socket reaches the runner alone", async () => {
      const withSocket: string[] = [];
      for (const service of ["web", "gateway", "runner", "postgres"]) {
        const { Mounts } = await carrel().inspect(service);
        const sources = (Mounts as { Source: string }[]).map(({ Source }) => Source);
        if (sources.some((source) => source.endsWith("docker.sock"))) withSocket.push(service);
      }
      expect(withSocket).toEqual(["runner"]);
      const looks = "find / -xdev -name '*.sock' 2>/dev/null; ls /var/run/docker.sock 2>/dev/null || true";
      for (const service of ["web", "gateway"])
        expect(await carrel().exec(service, "sh", "-c", looks)).toBe("");
    });

    test("only web is reached from outside, and from this machine alone", async () => {
      for (const service of ["gateway", "runner", "postgres"]) {
        const { HostConfig, NetworkSettings } = await carrel().inspect(service);
        expect(HostConfig.PortBindings ?? {}).toEqual({});
        expect(Object.values(NetworkSettings.Ports ?? {}).filter(Boolean)).toEqual([]);
      }
      const { HostConfig } = await carrel().inspect("web");
      const port = new URL(carrel().url).port;
      expect(HostConfig.PortBindings).toEqual({ "3000/tcp": [{ HostIp: "127.0.0.1", HostPort: port }] });
      const names = Object.keys((await carrel().inspect("postgres")).NetworkSettings.Networks);
      expect(names).toHaveLength(1);
      const internal = await shell(["docker", "network", "inspect", "--format", "{{.Internal}}", ...names]);
      expect(internal).toBe("true");
    });

    test("each part has the secrets that it needs, no right that it does not, and a file system that it cannot write", async () => {
      const secretsOf = async (service: string) => {
        const { Config } = await carrel().inspect(service);
        const names = (Config.Env as string[]).map((line) => line.split("=")[0] ?? "");
        return names.filter((name) => /SECRET|KEY$/.test(name)).sort();
      };
      const github = ["GITHUB_APP_CLIENT_SECRET", "GITHUB_APP_PRIVATE_KEY", "GITHUB_APP_WEBHOOK_SECRET"];
      expect(await secretsOf("web")).toEqual([
        "CARREL_GITHUB_KEY_SECRET",
        "CARREL_RUNNER_SECRET",
        ...github,
        "NEXTAUTH_SECRET",
      ]);
      expect(await secretsOf("gateway")).toEqual([
        "ANTHROPIC_API_KEY",
        "CARREL_KEY_SECRET",
        "CARREL_RUN_TOKEN_SECRET",
        "OPENAI_API_KEY",
      ]);
      expect(await secretsOf("runner")).toEqual([
        "CARREL_ENV_SECRET",
        "CARREL_GITHUB_KEY_SECRET",
        "CARREL_RUNNER_SECRET",
        "CARREL_RUN_TOKEN_SECRET",
        ...github,
      ]);
      for (const service of ["web", "gateway", "runner"]) {
        const { Config, HostConfig } = await carrel().inspect(service);
        expect(HostConfig).toMatchObject({ Privileged: false, ReadonlyRootfs: true, CapDrop: ["ALL"] });
        expect(HostConfig.SecurityOpt).toContain("no-new-privileges:true");
        if (service === "runner") continue;
        expect(HostConfig.CapAdd ?? []).toEqual([]);
        expect(Config.User).toBe("65534:65534");
      }
    });
  },
);
