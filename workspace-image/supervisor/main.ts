import { timingSafeEqual } from "node:crypto";
import { chmodSync, existsSync, rmSync } from "node:fs";
import http2 from "node:http2";
import net, { type Socket } from "node:net";
import { answerError } from "./answers.ts";
import { FenceGate } from "./fence.ts";
import { keepOpen, provideDirectory } from "./keep-open.ts";
import { Keepers } from "./keepers.ts";
import { languagesHere } from "./languages.ts";
import { openLoopback } from "./open-loopback.ts";
import { Processes } from "./processes.ts";
import { discard } from "./remove-tree.ts";
import { ReverseLink } from "./reverse-link.ts";
import { route, type Services } from "./routes.ts";
import { type Places, SETTINGS } from "./settings.ts";
import { Shares } from "./shares.ts";
import { trimWhenQuiet } from "./trim.ts";

/**
 * The supervisor of a workspace: owns its processes, journals their output, serves its files. It runs as the user's
 * own code does and may be killed or imitated by it: it keeps order, the runner keeps the rules.
 */
const KEEPER = "/opt/carrel/keeper";
const workspace = process.env.CARREL_WORKSPACE ?? "/workspace";
const places: Places = {
  workspace,
  socket: process.env.CARREL_SOCKET ?? "/run/carrel/supervisor.sock",
  journal: `${workspace}/.carrel/journal`,
  uploads: `${workspace}/.carrel/uploads`,
  keeper: existsSync(KEEPER) ? KEEPER : null,
};
// Whatever the runner was started under: files in here have the modes that programs expect.
process.umask(0o022);
keepOpen(workspace);
provideDirectory(workspace, ".carrel", "journal");
// What an earlier life of the workspace was receiving when it ended.
rmSync(places.uploads, { force: true, recursive: true });
discard(workspace, ".tmp");

const figure = (text: string | undefined) => (text === undefined ? null : Number(text));
const keepers = new Keepers(places);
const limits = {
  memoryBytes: figure(process.env.CARREL_MEMORY_BYTES),
  processes: figure(process.env.CARREL_PROCESSES),
};
const starting = { places, keepers, shares: new Shares(limits, () => keepers.pids()) };

const services: Services = {
  places,
  gate: new FenceGate(),
  starting,
  processes: new Processes(starting),
  reverse: new ReverseLink(),
  languages: languagesHere(),
};

const server = http2.createServer({
  settings: { initialWindowSize: SETTINGS.streamWindow, maxFrameSize: 64 * 1024, maxConcurrentStreams: 1000 },
  maxSessionMemory: SETTINGS.linkMemoryMB,
});
server.on("session", (session) => {
  session.setLocalWindowSize(SETTINGS.linkWindow);
  session.on("error", () => {
    // The link broke; journalled processes go on, the runner dials again.
  });
});
server.on("sessionError", () => {
  // The same, seen by the server.
});
const asked = trimWhenQuiet();
server.on("stream", (stream, headers) => {
  asked();
  stream.on("error", () => {
    // The asker went away; whoever works for it hears `close`.
  });
  route(services, stream, headers).catch((error: unknown) => answerError(stream, error));
});

/** Who knows it is the platform: the socket can be reached by any program in here, this key cannot. */
const key = Buffer.from(process.env.CARREL_LINK_KEY ?? "");

/** A connection says first who serves on it, F this side, R the runner; and then the key. */
function greet(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  // Any program in here can connect; who does not show the key in time makes room.
  const deadline = setTimeout(() => socket.destroy(), SETTINGS.greetMs);
  socket.once("close", () => clearTimeout(deadline));
  const read = () => {
    const greeting: Buffer | null = socket.read(1 + key.length);
    if (greeting === null) {
      if (!socket.readableEnded) socket.once("readable", read);
      return;
    }
    clearTimeout(deadline);
    const known = greeting.length === 1 + key.length && timingSafeEqual(greeting.subarray(1), key);
    const role = known ? greeting.toString("latin1", 0, 1) : "";
    if (role === "F") server.emit("connection", socket);
    else if (role === "R") services.reverse.accept(socket);
    else socket.destroy();
  };
  socket.once("readable", read);
}

await openLoopback(services.reverse);
rmSync(places.socket, { force: true, recursive: true });
const door = net.createServer(greet);
door.maxConnections = SETTINGS.linkConnections;
door.listen(places.socket, () => chmodSync(places.socket, 0o600));

const tidy = () =>
  services.processes.removeOld().catch((error: Error) => console.error(`old journals: ${error.message}`));
setInterval(tidy, 3600 * 1000).unref();
void tidy();

process.on("uncaughtException", (error) => console.error("uncaught", error));
process.on("unhandledRejection", (error) => console.error("unhandled", error));
