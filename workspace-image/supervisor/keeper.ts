import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import net from "node:net";
import { constants as system } from "node:os";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { type Child, type Command, type End, StartError, type Starter } from "./child.ts";

const SIGNALS = new Map(Object.entries(system.signals).map(([name, number]) => [number, name]));
const ERRORS = new Map(Object.entries(system.errno).map(([name, number]) => [number, name]));
const LOST: End = { exitCode: null, signal: "SIGKILL", leftovers: true };

interface Asked {
  input: boolean;
  started(child: Child): void;
  failed(error: StartError): void;
}

interface Running {
  pid: number;
  tell(end: End): void;
}

/**
 * The program that holds one agent's domain and starts its processes; keeper.c says how it is spoken to. It lives in
 * that domain itself, so what it says is worth what the agent's own word is: nothing is done by it to other agents.
 */
export class Keeper implements Starter {
  readonly pid: number;
  readonly gone: Promise<void>;
  readonly #process: ChildProcess;
  readonly #asked = new Map<number, Asked>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #running = new Map<number, Running>();
  #ids = 0;

  constructor(program: string, directory: string, temporary: string) {
    this.#process = spawn(program, [directory, temporary], {
      cwd: "/",
      env: {} as NodeJS.ProcessEnv,
      stdio: ["pipe", "pipe", "inherit"],
    });
    this.pid = this.#process.pid ?? 0;
    const { stdin, stdout } = this.#process;
    stdin?.on("error", () => {
      // It was killed: its end tells all that wait.
    });
    if (stdout) createInterface({ input: stdout }).on("line", (line) => this.#hear(line));
    this.gone = new Promise((resolve) => {
      this.#process.once("error", resolve).once("exit", resolve);
    }).then(() => this.#bury());
  }

  get busy(): boolean {
    return this.#asked.size + this.#running.size > 0;
  }

  /** @throws StartError */
  start(command: Command): Promise<Child> {
    const id = ++this.#ids;
    const environment = Object.entries(command.env).map(([name, value]) => `${name}=${value}`);
    const { cwd, input, argv } = command;
    const answered = new Promise<Child>((started, failed) => {
      this.#asked.set(id, { input, started, failed });
      this.#say("start", id, cwd, Number(input), argv.length, ...argv, ...environment);
    });
    const settled: Promise<unknown> = Promise.allSettled([answered]).then(() =>
      this.#starting.delete(settled),
    );
    this.#starting.add(settled);
    return answered;
  }

  started(): ReadonlySet<number> {
    return new Set([...this.#running.values()].map(({ pid }) => pid));
  }

  settled(): Promise<unknown> {
    return Promise.all(this.#starting);
  }

  /** It ends by itself, having nothing to do. */
  dismiss(): void {
    this.#process.stdin?.end();
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #say(...words: (string | number)[]): void {
    const text = Buffer.from(words.map((word) => `${word}\0`).join(""));
    const length = Buffer.alloc(4);
    length.writeUint32LE(text.length);
    this.#process.stdin?.write(Buffer.concat([length, text]));
  }

  #hear(line: string): void {
    const [what, ...rest] = line.split(" ");
    const [id = 0, ...figures] = rest.map(Number);
    if (what === "started") this.#started(id, figures);
    if (what === "failed") this.#failed(id, ERRORS.get(figures[0] ?? 0) ?? "EINVAL");
    if (what === "ended") {
      const [code = -1, signal = 0, alone = 0] = figures;
      const end = {
        exitCode: signal > 0 ? null : code,
        signal: SIGNALS.get(signal) ?? null,
        leftovers: alone !== 1,
      };
      this.#running.get(id)?.tell(end);
      this.#running.delete(id);
    }
  }

  #failed(id: number, errno: string): void {
    const asked = this.#asked.get(id);
    this.#asked.delete(id);
    asked?.failed(new StartError(errno));
  }

  #started(id: number, [pid = 0, input = -1, output = -1, errors = -1]: number[]): void {
    const asked = this.#asked.get(id);
    if (!asked) return;
    const open: number[] = [];
    try {
      const end = (fd: number, flags: number) => {
        open.push(openSync(`/proc/${this.pid}/fd/${fd}`, flags | constants.O_NONBLOCK));
        return open.at(-1) as number;
      };
      const stdout = end(output, constants.O_RDONLY);
      const stderr = end(errors, constants.O_RDONLY);
      const stdin = asked.input ? end(input, constants.O_WRONLY) : null;
      const ended = new Promise<End>((tell) => this.#running.set(id, { pid, tell }));
      this.#asked.delete(id);
      asked.started({
        pid,
        starter: this,
        stdin: stdin === null ? null : new net.Socket({ fd: stdin, readable: false, writable: true }),
        stdout: new net.Socket({ fd: stdout, readable: true, writable: false }),
        stderr: new net.Socket({ fd: stderr, readable: true, writable: false }),
        ended,
      });
    } catch (error) {
      for (const fd of open) closeSync(fd);
      const { code = "EINVAL" } = error as NodeJS.ErrnoException;
      // A keeper that its own agent killed meanwhile has nothing to open: what it started is lost, and not to be repeated.
      if (["ENOENT", "EACCES", "ESRCH"].includes(code)) this.#lost(id, pid, asked);
      else this.#failed(id, code);
    }
    this.#say("opened", id);
  }

  #lost(id: number, pid: number, { started }: Asked): void {
    this.#asked.delete(id);
    const ended = this.gone.then(() => LOST);
    started({
      pid,
      starter: this,
      stdin: null,
      stdout: Readable.from([]),
      stderr: Readable.from([]),
      ended,
    });
  }

  #bury(): void {
    for (const id of [...this.#asked.keys()]) this.#failed(id, "ESRCH");
    for (const { tell } of this.#running.values()) tell(LOST);
    this.#running.clear();
  }
}
