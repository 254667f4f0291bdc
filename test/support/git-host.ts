import { execFile, spawn } from "node:child_process";
import http from "node:http";
import path from "node:path";
import { promisify } from "node:util";

/** A git host on its real wire: git's own http-backend over the bare repositories of a directory. Anyone may push. */
export async function gitHost(root: string): Promise<http.Server> {
  const repository = path.join(root, "project.git");
  await promisify(execFile)("git", ["init", "-q", "--bare", "-b", "main", repository]);
  await promisify(execFile)("git", ["-C", repository, "config", "http.receivepack", "true"]);
  return http.createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://git");
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
        GIT_PROTOCOL: (request.headers["git-protocol"] as string | undefined) ?? "",
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
      } as unknown as NodeJS.ProcessEnv,
    });
    request.pipe(backend.stdin);
    let head = Buffer.alloc(0);
    let headRead = false;
    backend.stdout.on("data", (chunk: Buffer) => {
      if (headRead) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      headRead = true;
      let status = 200;
      for (const line of head.subarray(0, end).toString().split("\r\n")) {
        const [name = "", value = ""] = line.split(/:\s*(.*)/s);
        if (name === "Status") status = Number(value.slice(0, 3));
        else response.setHeader(name, value);
      }
      response.writeHead(status);
      response.write(head.subarray(end + 4));
    });
    backend.once("close", () => response.end());
  });
}
