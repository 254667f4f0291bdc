import { once } from "node:events";
import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type { Container } from "dockerode";
import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { TRUE, withDesk } from "./desk.ts";

const TIMES = 100;
const WARM_UP = 20;

/** A command over the link, beside the same in a shell that is open already and beside the engine's exec. */
export async function measureCommands(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [by, socketMount] of [
    ["a socket", true],
    ["an exec stream", false],
  ] as const) {
    await withDesk(bench.driver({ socketMount }), async (held) => {
      const container = bench.engine.getContainer(`workspace-${held.userId}`);
      const shell = await openShell(container);
      const open: Row = { what: "/bin/true in a shell that is open", times: [] };
      const engine: Row = { what: "/bin/true by the engine's exec", times: [], limit: open };
      const link: Row = { what: `/bin/true over the link by ${by}`, times: [], limit: open };
      for (let n = 0; n < WARM_UP + TIMES; n += 1) {
        const times: number[] = [];
        for (const command of [
          () => shell.run(),
          () => execOnce(container),
          () => held.agent("one").exec(TRUE),
        ]) {
          // What the engine still has to do after an exec is to be over.
          await sleep(100);
          times.push(await timeOf(command));
        }
        if (n < WARM_UP) continue;
        for (const [index, row] of [open, engine, link].entries()) row.times.push(times[index] ?? Number.NaN);
      }
      shell.end();
      rows.push(open, engine, link);
    });
  }
  return rows;
}

async function openShell(container: Container): Promise<{ run(): Promise<void>; end(): void }> {
  const exec = await container.exec({
    Cmd: ["/bin/bash"],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream: Duplex = await exec.start({ hijack: true, stdin: true });
  return {
    async run() {
      stream.write("/bin/true; echo done\n");
      await once(stream, "data");
    },
    end: () => stream.destroy(),
  };
}

async function execOnce(container: Container): Promise<void> {
  const exec = await container.exec({ Cmd: ["/bin/true"], AttachStdout: true, AttachStderr: true });
  const stream: Duplex = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  await once(stream, "end");
  await exec.inspect();
}
