import { once } from "node:events";
import { type Duplex, Readable } from "node:stream";
import type { Container } from "dockerode";
import type { HeldWorkspace } from "#workspaces/held-workspace.ts";
import type { Bench } from "../measure-workspace.ts";
import { type Row, timeOf } from "../table.ts";
import { TRUE, withDesk } from "./desk.ts";

const BYTES = 100 * 1000 * 1000;
const TIMES = 30;
const PIECE = Buffer.alloc(64 * 1024, 7);

/** 100 MB in and out, beside the engine's raw exec stream; and what a reader that does not read costs the others. */
export async function measureTransfers(bench: Bench): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [by, socketMount] of [
    ["a socket", true],
    ["an exec stream", false],
  ] as const) {
    await withDesk(bench.driver({ socketMount }), async (held) => {
      const container = bench.engine.getContainer(`workspace-${held.userId}`);
      const rawIn: Row = { what: "100 MB into a file by a raw exec stream", times: [] };
      const rawOut: Row = { what: "100 MB out of a file by a raw exec stream", times: [] };
      const into: Row = { what: `100 MB in, by ${by}`, times: [], limit: rawIn };
      const out: Row = { what: `100 MB out, by ${by}`, times: [], limit: rawOut };
      const agent = held.agent("one");
      for (let n = 0; n < TIMES; n += 1) {
        rawIn.times.push(await timeOf(() => sendRaw(container)));
        into.times.push(
          await timeOf(() => agent.writeStream("bulk", Readable.from(pieces()), { size: BYTES })),
        );
        rawOut.times.push(await timeOf(() => receiveRaw(container)));
        out.times.push(await timeOf(() => receive(held)));
      }
      rows.push(rawIn, into, rawOut, out, ...(await besideSlowReader(held, by)));
    });
  }
  return rows;
}

function* pieces(): Generator<Buffer> {
  for (let left = BYTES; left > 0; left -= PIECE.length)
    yield PIECE.subarray(0, Math.min(left, PIECE.length));
}

async function sendRaw(container: Container): Promise<void> {
  const Cmd = ["/bin/sh", "-c", `head -c ${BYTES} > /workspace/raw; echo done`];
  const exec = await container.exec({ Cmd, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream: Duplex = await exec.start({ hijack: true, stdin: true });
  for (const piece of pieces()) if (!stream.write(piece)) await once(stream, "drain");
  await once(stream, "data");
  stream.destroy();
}

async function receiveRaw(container: Container): Promise<void> {
  const exec = await container.exec({
    Cmd: ["cat", "/workspace/raw"],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream: Duplex = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  await once(stream, "end");
}

async function receive(held: HeldWorkspace): Promise<void> {
  const { content } = await held.agent("one").readStream("bulk");
  content.resume();
  await once(content, "end");
}

async function besideSlowReader(held: HeldWorkspace, by: string): Promise<Row[]> {
  const alone: Row = { what: `10 commands and 100 MB out, alone, by ${by}`, times: [] };
  const beside: Row = {
    what: `the same beside a reader that does not read, by ${by}`,
    times: [],
    limit: alone,
  };
  const work = async () => {
    for (let n = 0; n < 10; n += 1) await held.agent("one").exec(TRUE);
    await receive(held);
  };
  for (let n = 0; n < TIMES; n += 1) {
    alone.times.push(await timeOf(work));
    const { content } = await held.agent("one").readStream("bulk");
    beside.times.push(await timeOf(work));
    content.destroy();
  }
  return [alone, beside];
}
