import type { ServerHttp2Stream } from "node:http2";
import { answerJson, readJson } from "./answers.ts";
import { type Starting, type Stream, startGroup } from "./process-group.ts";
import { readProcessSpec } from "./process-spec.ts";

/** Keeps the first bytes of a stream and counts the rest. */
export class Kept {
  readonly #chunks: Buffer[] = [];
  #left: number;
  dropped = 0;

  constructor(limit: number) {
    this.#left = limit;
  }

  add(chunk: Buffer): void {
    const kept = chunk.subarray(0, this.#left);
    if (kept.length > 0) this.#chunks.push(kept);
    this.#left -= kept.length;
    this.dropped += chunk.length - kept.length;
  }

  base64(): string {
    return Buffer.concat(this.#chunks).toString("base64");
  }
}

/** Runs to the end and answers once. When the asker goes away, so does the process. */
export async function answerExec(starting: Starting, stream: ServerHttp2Stream): Promise<void> {
  const spec = readProcessSpec(starting.places, await readJson(stream));
  const kept: Record<Stream, Kept> = {
    stdout: new Kept(spec.outputLimit),
    stderr: new Kept(spec.outputLimit),
  };
  const group = startGroup(starting, spec, (name, chunk) => kept[name].add(chunk));
  const kill = () => group.kill();
  stream.once("close", kill);
  const exit = await group.ended;
  stream.off("close", kill);
  answerJson(stream, {
    ...exit,
    stdout: kept.stdout.base64(),
    stderr: kept.stderr.base64(),
    truncated: kept.stdout.dropped + kept.stderr.dropped > 0,
  });
}
