import type { Duplex } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { isAppError } from "#platform/errors.ts";
import { SOCKET } from "#workspaces/drivers/docker/container-spec.ts";
import { engineCall, engineStatus } from "#workspaces/drivers/docker/engine-call.ts";
import { ExecDuplex } from "#workspaces/drivers/docker/exec-duplex.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

interface RunningExec {
  exec: Docker.Exec;
  raw: Duplex;
}

/**
 * The link where no directory can be shared with the engine's host: a program in the container that carries bytes
 * between the exec's stream and the supervisor's socket. `closed` gets what to wait for when the link was closed: the
 * program's end in there, without which the container must not be paused.
 */
export async function dialByExec(
  container: Docker.Container,
  greeting: string,
  closed: (ended: Promise<void>) => void,
): Promise<Duplex> {
  const { exec, raw } = await runExec(container, ["socat", "-b", "262144", "-", `UNIX-CONNECT:${SOCKET}`]);
  const duplex = new ExecDuplex(raw);
  // From here on whoever reads hears of an error by the close that follows it.
  duplex.on("error", () => duplex.destroy());
  duplex.once("close", () => closed(execEnded(exec)));
  duplex.write(greeting);
  await execStarted(exec);
  return duplex;
}

/** Whether something takes connections in there, within `ms`. The waiting is done inside. */
export async function listensByExec(container: Docker.Container, ms: number): Promise<boolean> {
  const tries = Math.ceil(ms / 50);
  const address = `UNIX-CONNECT:${SOCKET},retry=${tries},interval=0.05`;
  const running = await runExec(container, ["socat", "-u", "OPEN:/dev/null", address]).catch(endedMeanwhile);
  if (running === null) return false;
  const { exec, raw } = running;
  raw.resume();
  const deadline = performance.now() + ms + TUNABLES.engineMs;
  while (performance.now() < deadline) {
    const { Running, ExitCode } = await engineCall("look at a command", TUNABLES.engineMs, (abortSignal) =>
      exec.inspect({ abortSignal }),
    );
    // Neither running nor ended: it has not begun yet.
    if (!Running && ExitCode !== null) return ExitCode === 0;
    await sleep(10);
  }
  return false;
}

/** null where the container has ended; it listens no more then */
function endedMeanwhile(error: unknown): null {
  if (![404, 409].includes(engineStatus(error) ?? 0)) throw error;
  return null;
}

/**
 * What the engine says of pauses may be late by an event: shortly after a resume it refuses once more with "is paused".
 * Nothing has run then, so it is asked again.
 */
async function runExec(container: Docker.Container, command: string[]): Promise<RunningExec> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryExec(container, command);
    } catch (error) {
      const saysPaused = isAppError(error) && error.message.includes("is paused");
      if (!saysPaused || attempt === 50) throw error;
      await sleep(20);
    }
  }
}

async function tryExec(container: Docker.Container, Cmd: string[]): Promise<RunningExec> {
  const exec = await engineCall("reach a workspace", TUNABLES.engineMs, (abortSignal) =>
    container.exec({
      Cmd,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      Tty: false,
      abortSignal,
    }),
  );
  // No signal: it would end the stream, too, long after it was opened.
  const raw = await engineCall("reach a workspace", TUNABLES.engineMs, () =>
    exec.start({ hijack: true, stdin: true, Tty: false }),
  );
  return { exec, raw };
}

/** The engine opens the stream before the program runs. A container that is paused in between never comes back. */
async function execStarted(exec: Docker.Exec): Promise<void> {
  const deadline = performance.now() + TUNABLES.engineMs;
  while (performance.now() < deadline) {
    const { Pid, ExitCode } = await engineCall("look at a command", TUNABLES.engineMs, (abortSignal) =>
      exec.inspect({ abortSignal }),
    );
    if (Pid > 0 || ExitCode !== null) return;
    await sleep(2);
  }
}

async function execEnded(exec: Docker.Exec): Promise<void> {
  const deadline = performance.now() + TUNABLES.execEndMs;
  while (performance.now() < deadline) {
    const info = await engineCall("look at a command", TUNABLES.engineMs, (abortSignal) =>
      exec.inspect({ abortSignal }),
    ).catch((error: unknown) => {
      // The container went, and the exec with it. Of any other failure the deadline decides.
      const gone = [404, 409].includes(engineStatus(error) ?? 0);
      return { Running: !gone };
    });
    if (!info.Running) return;
    await sleep(10);
  }
}
