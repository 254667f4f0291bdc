import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "#platform/errors.ts";

export interface GitRun {
  exitCode: number;
  stdout: string;
  /** what stdout was before it was read as text */
  bytes: Buffer;
  stderr: string;
}

export interface GitOptions {
  /** the whole environment of the process; nothing is inherited */
  env: Record<string, string>;
  cwd: string;
  input?: string | Readable;
  signal?: AbortSignal;
  /** milliseconds */
  timeoutMs?: number;
  /** what it may say at most, bytes; default MAX_OUTPUT */
  maxOutput?: number;
  /** exit codes that are answers, not failures; default [0] */
  expect?: number[];
}

const TIMEOUT_MS = 120_000;
/** Of one command's output; more is a tree that nobody publishes. Bytes. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/** A git that failed. What it wrote is kept for whoever can read a cause out of it; it holds no credential. */
export class GitError extends Error {
  readonly stderr: string;
  readonly stdout: string;

  constructor(command: string, run: GitRun) {
    super(`git ${command} ended with ${run.exitCode}: ${run.stderr.trim().slice(-500)}`);
    this.name = "GitError";
    this.stderr = run.stderr;
    this.stdout = run.stdout;
  }
}

/**
 * One git command, without a shell. It is ended with all that it started (git-remote-https, pack-objects) when its
 * time is over or the signal says so.
 * @throws GitError, AppError timeout, too_large (it says more than can be read) or unavailable (no git on this machine)
 */
export async function runGit(args: string[], options: GitOptions): Promise<GitRun> {
  options.signal?.throwIfAborted();
  const child = spawn("git", args, {
    cwd: options.cwd,
    env: options.env as NodeJS.ProcessEnv,
    stdio: ["pipe", "pipe", "pipe"],
    // A process group of its own, so that its helpers end with it.
    detached: true,
  });
  let timedOut = false;
  let saidTooMuch = false;
  const end = () => killGroup(child.pid);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, options.timeoutMs ?? TIMEOUT_MS);
  options.signal?.addEventListener("abort", end);
  const limit = options.maxOutput ?? MAX_OUTPUT;
  const tooMuch = () => {
    saidTooMuch = true;
    end();
  };
  const out = collect(child.stdout, limit, tooMuch);
  const err = collect(child.stderr, limit, tooMuch);
  const fed = feed(child.stdin, options.input);
  // It may break long before git's end is known, which comes first; unheard until then, it would end this process.
  fed.catch(() => undefined);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? -1));
    });
    options.signal?.throwIfAborted();
    const name = args.find((arg) => !arg.startsWith("-")) ?? "";
    if (timedOut) throw new AppError("timeout", `git ${name} took too long.`);
    if (saidTooMuch)
      throw new AppError(
        "too_large",
        "The repository holds more files than can be read: its tree is too large.",
      );
    const bytes = out();
    const run = { exitCode, stdout: bytes.toString("utf8"), bytes, stderr: err().toString("utf8") };
    // What git says of its end comes before what the pipe says of it.
    if (!(options.expect ?? [0]).includes(exitCode)) throw new GitError(name, run);
    await fed;
    return run;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      throw new AppError("unavailable", "git is not installed on the runner's machine.", { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", end);
    // Waited for, not judged: its failure was thrown above, or git's own end was, which says more.
    await Promise.allSettled([fed]);
  }
}

function collect(stream: Readable, limit: number, tooMuch: () => void): () => Buffer {
  const pieces: Buffer[] = [];
  let size = 0;
  stream.on("data", (piece: Buffer) => {
    size += piece.length;
    if (size > limit) tooMuch();
    else pieces.push(piece);
  });
  return () => Buffer.concat(pieces);
}

async function feed(stdin: NodeJS.WritableStream, input: GitOptions["input"]): Promise<void> {
  if (input !== undefined && typeof input !== "string") return await pipeline(input, stdin);
  await new Promise<void>((resolve, reject) => {
    stdin.once("error", reject);
    stdin.end(input ?? "", resolve);
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}
