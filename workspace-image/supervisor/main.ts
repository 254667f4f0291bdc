import { chmodSync, rmSync } from "node:fs";
import http2 from "node:http2";
import net, { type Socket } from "node:net";
import { answerError } from "./answers.ts";
import { FenceGate } from "./fence.ts";
import { keepOpen, provideDirectory } from "./keep-open.ts";
import { languagesHere } from "./languages.ts";
import { Processes } from "./processes.ts";
import { ReverseLink } from "./reverse-link.ts";
import { route, type Services } from "./routes.ts";
import { type Places, SETTINGS } from "./settings.ts";

/**
 * The supervisor of a workspace: owns its processes, journals their output, serves its files. It runs as the user's
 * own code does and may be killed or imitated by it: it keeps order, the runner keeps the rules.
 */
const workspace = process.env.CARREL_WORKSPACE ?? "/workspace";
const places: Places = {
  workspace,
  socket: process.env.CARREL_SOCKET ?? "/run/carrel/supervisor.sock",
  journal: `${workspace}/.carrel/journal`,
  uploads: `${workspace}/.carrel/uploads`,
};
// Whatever the runner was started under: files in here have the modes that programs expect.
process.umask(0o022);
keepOpen(workspace);
provideDirectory(workspace, ".carrel", "journal");
// What an earlier life of the workspace was receiving when it ended.
rmSync(places.uploads, { force: true, recursive: true });

const services: Services = {
  places,
  gate: new FenceGate(),
  processes: new Processes(places),
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
server.on("stream", (stream, headers) => {
  stream.on("error", () => {
    // The asker went away; whoever works for it hears `close`.
  });
  route(services, stream, headers).catch((error: unknown) => answerError(stream, error));
});

/** The first byte of a connection says who serves on it: F this side, R the runner. */
function greet(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  const read = () => {
    const role: Buffer | null = socket.read(1);
    if (role === null) socket.once("readable", read);
    else if (role.toString() === "F") server.emit("connection", socket);
    else if (role.toString() === "R") services.reverse.accept(socket);
    else socket.destroy();
  };
  socket.once("readable", read);
}

rmSync(places.socket, { force: true, recursive: true });
net.createServer(greet).listen(places.socket, () => chmodSync(places.socket, 0o600));

const tidy = () =>
  services.processes.removeOld().catch((error: Error) => console.error(`old journals: ${error.message}`));
setInterval(tidy, 3600 * 1000).unref();
void tidy();

process.on("uncaughtException", (error) => console.error("uncaught", error));
process.on("unhandledRejection", (error) => console.error("unhandled", error));
