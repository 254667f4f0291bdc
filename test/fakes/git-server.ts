import { execFile, spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** git's own server behind HTTP, as a hoster runs it, over bare repositories at `root/<owner>/<name>.git`. */
export interface GitServer {
  root: string;
  /** Makes an empty repository that takes pushes, shallow and partial fetches. */
  create(owner: string, name: string): Promise<void>;
  /** git in the repository. @returns stdout, trimmed */
  git(owner: string, name: string, ...args: string[]): Promise<string>;
  /** Serves a request whose path is one of git's. `before`: what must be done before the answer ends. */
  serve(request: IncomingMessage, response: ServerResponse, before?: () => Promise<void>): void;
}

export function isGitPath(pathname: string): boolean {
  return /^\/[^/]+\/[^/]+\.git\/(info\/refs|git-(upload|receive)-pack)$/.test(pathname);
}

export function gitServer(root: string): GitServer {
  const place = (owner: string, name: string) => path.join(root, owner, `${name}.git`);
  const git = async (owner: string, name: string, ...args: string[]) =>
    (await run("git", ["-C", place(owner, name), ...args], { env: ENV, maxBuffer: 1 << 28 })).stdout.trim();
  return {
    root,
    git,
    async create(owner, name) {
      await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", place(owner, name)], {
        env: ENV,
      });
      for (const [key, value] of SETTINGS) await git(owner, name, "config", key, value);
    },
    serve: (request, response, before) => serve(root, request, response, before),
  };
}

const ENV: NodeJS.ProcessEnv = {
  NODE_ENV: "test",
  PATH: process.env.PATH,
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Person",
  GIT_AUTHOR_EMAIL: "person@example.org",
  GIT_COMMITTER_NAME: "Person",
  GIT_COMMITTER_EMAIL: "person@example.org",
};

const SETTINGS: [string, string][] = [
  ["http.receivepack", "true"],
  ["uploadpack.allowFilter", "true"],
  ["uploadpack.allowAnySHA1InWant", "true"],
  ["receive.fsckObjects", "true"],
];

function serve(
  root: string,
  request: IncomingMessage,
  response: ServerResponse,
  before: () => Promise<void> = async () => undefined,
): void {
  const url = new URL(request.url ?? "/", "http://git");
  const header = (name: string) => String(request.headers[name] ?? "");
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...ENV,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header("content-type"),
      CONTENT_LENGTH: header("content-length"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_USER: "somebody",
    },
  });
  // A client that was killed in the middle of its push.
  backend.stdin.on("error", () => undefined);
  request.pipe(backend.stdin);
  let head = Buffer.alloc(0);
  backend.stdout.on("data", (piece: Buffer) => {
    if (response.headersSent) return void response.write(piece);
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const fields = head
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(/: */, 2) as [string, string]);
    const status = Number.parseInt(fields.find(([name]) => name === "Status")?.[1] ?? "200", 10);
    response.writeHead(status, Object.fromEntries(fields.filter(([name]) => name !== "Status")));
    response.write(head.subarray(end + 4));
  });
  backend.on("close", () => {
    before().then(
      () => response.end(),
      (error: unknown) => response.destroy(error as Error),
    );
  });
}
