import { Duplex, PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { ExecDuplex } from "#workspaces/drivers/docker/exec-duplex.ts";

function frame(stream: number, content: Buffer | string): Buffer {
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

/** An engine's raw stream: `down` is what it sends, `up` what it gets. */
function raw(options: { upLimit?: number } = {}) {
  const down = new PassThrough();
  const up = new PassThrough({ highWaterMark: options.upLimit ?? 16 * 1024 });
  return { down, up, stream: Duplex.from({ readable: down, writable: up }) };
}

test("frames come out as the bytes that were sent, wherever the pieces are cut", async () => {
  const sent = Buffer.concat([
    frame(1, "one "),
    frame(2, "aside"),
    frame(1, ""),
    frame(1, "two "),
    frame(1, "three"),
  ]);
  for (let size = 1; size <= sent.length; size++) {
    const { down, stream } = raw();
    const duplex = new ExecDuplex(stream);
    for (let at = 0; at < sent.length; at += size) down.write(sent.subarray(at, at + size));
    down.end();
    expect((await buffer(duplex)).toString()).toBe("one two three");
    expect(duplex.lastWords).toBe("aside");
  }
});

test("whoever does not read stops the sender", async () => {
  const { down, stream } = raw();
  const duplex = new ExecDuplex(stream);
  duplex.read(0);
  const piece = frame(1, Buffer.alloc(64 * 1024));
  let sent = 0;
  while (sent < 1000 && down.write(piece)) {
    sent += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeLessThan(100);
  down.end();
  await buffer(duplex);
});

test("an engine that takes nothing more stops the writer", async () => {
  const { stream } = raw({ upLimit: 1024 });
  const duplex = new ExecDuplex(stream);
  let written = 0;
  while (written < 10_000 && duplex.write(Buffer.alloc(1024))) written += 1;
  expect(written).toBeLessThan(1000);
  duplex.destroy();
});

test("what is no frame ends the stream", async () => {
  const { down, stream } = raw();
  const duplex = new ExecDuplex(stream);
  const failed = new Promise<Error>((resolve) => duplex.once("error", resolve));
  duplex.resume();
  down.write("HTTP/1.1 400 Bad Request");
  expect((await failed).message).toContain("no frame");
});
