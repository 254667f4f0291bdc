import Docker from "dockerode";
import { AppError } from "#platform/errors.ts";

/** The engine that DOCKER_HOST names; unset: this machine's own. @throws AppError bad_request */
export function connectEngine(dockerHost: string | undefined): Docker {
  if (dockerHost === undefined) return new Docker({ socketPath: "/var/run/docker.sock" });
  const unix = /^unix:\/\/(\/.+)$/.exec(dockerHost)?.[1];
  if (unix !== undefined) return new Docker({ socketPath: unix });
  const tcp = /^(tcp|http|https):\/\/(\[[^\]]+\]|[^:/]+):(\d+)$/.exec(dockerHost);
  if (!tcp) {
    throw new AppError(
      "bad_request",
      "DOCKER_HOST is not valid: should look like unix:///var/run/docker.sock or tcp://host:2376",
    );
  }
  const [, scheme, host = "", port] = tcp;
  return new Docker({ host, port: Number(port), ...(scheme === "https" ? { protocol: "https" } : {}) });
}
