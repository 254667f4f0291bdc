import { randomBytes } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { type Child, type End, StartError } from "./child.ts";
import type { Keepers } from "./keepers.ts";
import { childEnvironment, type ProcessSpec } from "./process-spec.ts";
import {
  findDescendants,
  killDescendants,
  listProcesses,
  type Origin,
  signalSession,
  startTicks,
} from "./process-tree.ts";
import { type Places, SETTINGS, temporaryDirectory } from "./settings.ts";
import type { Shares } from "./shares.ts";

export interface Exit {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  /** a process of it was ended because its agent took more than its share of the memory */
  outOfMemory: boolean;
  durationMs: number;
}

export type Stream = "stdout" | "stderr";

export interface Group {
  readonly agent: string;
  /** to the process and its session */
  signal(name: NodeJS.Signals): void;
  /** everything that came from it, at once */
  kill(): void;
  /** the pids of all that came from it */
  members(): number[];
  /** says on its stderr why something of it was ended */
  note(words: string, outOfMemory: boolean): void;
  readonly ended: Promise<Exit>;
}

export interface Starting {
  places: Places;
  keepers: Keepers;
  shares: Shares;
}

const START_FAILURES: Record<string, [number, string]> = {
  ENOENT: [127, "command not found"],
  EACCES: [126, "permission denied"],
  EAGAIN: [126, "the limit of processes is reached"],
  E2BIG: [126, "the argument list is too long"],
};

type OnOutput = (stream: Stream, chunk: Buffer) => void;

/** Starts a process in a session of its own. Nothing of it outlives it: leftovers are killed when it ends. */
export function startGroup(starting: Starting, spec: ProcessSpec, onOutput: OnOutput): Group {
  const group = new RunningGroup(starting, spec, onOutput);
  starting.shares.watch(group);
  return group;
}

class RunningGroup implements Group {
  readonly agent: string;
  readonly ended: Promise<Exit>;
  readonly #starting: Starting;
  readonly #spec: ProcessSpec;
  readonly #onOutput: OnOutput;
  readonly #marker = randomBytes(12).toString("hex");
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  readonly #started: Promise<Child>;
  #origin: Origin | null = null;
  #killed = false;
  #timedOut = false;
  #outOfMemory = false;
  #stuck: NodeJS.Timeout | undefined;

  constructor(starting: Starting, spec: ProcessSpec, onOutput: OnOutput) {
    this.#starting = starting;
    this.#spec = spec;
    this.#onOutput = onOutput;
    this.agent = spec.agent;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.kill();
    }, spec.timeoutMs);
    const script = spec.script === null ? null : this.#scriptPlace();
    this.#started = this.#start(script);
    this.ended = this.#run().finally(() => {
      clearTimeout(this.#timer);
      clearTimeout(this.#stuck);
      if (script !== null) rmSync(script, { force: true });
    });
  }

  signal(name: NodeJS.Signals): void {
    // One that is being started hears of it as soon as it is there.
    void this.#started.then(
      () => this.#origin && signalSession(this.#origin, name),
      () => undefined,
    );
  }

  kill(): void {
    this.#killed = true;
    if (this.#origin) void killDescendants(this.#origin);
    // A keeper that its own agent stopped tells no end.
    this.#stuck ??= setTimeout(() => void this.#starting.keepers.end(this.agent), SETTINGS.stuckMs);
  }

  members(): number[] {
    return this.#origin ? findDescendants(this.#origin, listProcesses()).map(({ pid }) => pid) : [];
  }

  note(words: string, outOfMemory: boolean): void {
    this.#outOfMemory ||= outOfMemory;
    this.#onOutput("stderr", Buffer.from(`${words}\n`));
  }

  #scriptPlace(): string {
    return `${temporaryDirectory(this.#starting.places, this.agent)}/carrel-${this.#marker}`;
  }

  async #start(script: string | null): Promise<Child> {
    const { places, keepers } = this.#starting;
    const { agent, argv, cwd, stdin } = this.#spec;
    if (script !== null) writeFileSync(script, this.#spec.script ?? "", { mode: 0o600, flag: "wx" });
    const child = await keepers.start({
      agent,
      argv: argv.map((word) => (word === "{script}" && script !== null ? script : word)),
      cwd,
      env: childEnvironment(places, this.#spec, this.#marker),
      input: stdin.length > 0,
    });
    const { pid: root, starter } = child;
    this.#origin = { starter, root, marker: this.#marker, bornAfter: startTicks(root) };
    return child;
  }

  async #run(): Promise<Exit> {
    let end: End = { exitCode: null, signal: null, leftovers: false };
    try {
      const child = await this.#started;
      if (this.#killed) this.kill();
      const closed = Promise.all([this.#hear("stdout", child.stdout), this.#hear("stderr", child.stderr)]);
      // A process that does not read its input is free not to.
      child.stdin?.on("error", () => {});
      child.stdin?.end(this.#spec.stdin);
      end = await child.ended;
      await this.#clearUp(child, end, closed);
    } catch (error) {
      const errno = error instanceof StartError ? error.errno : ((error as NodeJS.ErrnoException).code ?? "");
      const [exitCode, words] = START_FAILURES[errno] ?? [126, (error as Error).message];
      this.#onOutput("stderr", Buffer.from(`${this.#spec.argv[0]}: ${words}\n`));
      end = { exitCode, signal: null, leftovers: false };
    }
    const durationMs = Math.round(performance.now() - this.#began);
    const { exitCode, signal } = end;
    return { exitCode, signal, timedOut: this.#timedOut, outOfMemory: this.#outOfMemory, durationMs };
  }

  /** Its output may end before the last of its children does. */
  async #clearUp(child: Child, { leftovers }: End, closed: Promise<unknown>): Promise<void> {
    clearTimeout(this.#timer);
    if (leftovers && this.#origin) await killDescendants(this.#origin);
    const drain = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, SETTINGS.drainMs);
    await closed;
    clearTimeout(drain);
    child.stdin?.destroy();
  }

  #hear(name: Stream, from: Readable): Promise<void> {
    from.on("data", (chunk: Buffer) => this.#onOutput(name, chunk));
    return new Promise((resolve) => {
      from.once("close", () => resolve()).on("error", () => from.destroy());
    });
  }
}
