import { constants } from "node:fs";
import { open } from "node:fs/promises";
import net from "node:net";
import type { Duplex } from "node:stream";
import { AppError } from "#platform/errors.ts";
import { TUNABLES } from "#workspaces/tunables.ts";

// Linux's O_PATH, which Node does not name: a handle on the thing itself, whatever its name is made to mean later.
const O_PATH = 0o10000000;

/**
 * Connects to the supervisor's socket. The directory belongs to users' code, which may put a link or somebody else's
 * socket there: it is opened without following, looked at, and connected through the handle. So its path may also be
 * longer than the 107 bytes that a socket's address can hold.
 * `greeting` is what is said first.
 * @throws AppError unavailable
 */
export async function openSocket(path: string, owner: number, greeting: string): Promise<Duplex> {
  const handle = await open(path, O_PATH | constants.O_NOFOLLOW).catch((cause: unknown) => {
    throw new AppError("unavailable", "The workspace is not listening.", { cause });
  });
  try {
    const found = await handle.stat();
    if (!found.isSocket())
      throw new AppError("unavailable", "Something else stands where the workspace's socket was.");
    if (found.uid !== owner)
      throw new AppError("unavailable", "The workspace's socket belongs to somebody else.");
    return await connect(`/proc/self/fd/${handle.fd}`, greeting);
  } finally {
    await handle.close();
  }
}

function connect(path: string, greeting: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path);
    const timer = setTimeout(() => socket.destroy(new Error("no answer")), TUNABLES.dialMs);
    const fail = (cause: Error) => {
      clearTimeout(timer);
      reject(new AppError("unavailable", "The workspace is not listening.", { cause }));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      // From here on whoever reads hears of an error by the close that follows it.
      socket.on("error", () => socket.destroy());
      socket.write(greeting);
      resolve(socket);
    });
  });
}
