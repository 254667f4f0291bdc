import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { boundSize } from "#github/git/bound-size.ts";
import { type GitRun, runGit } from "#github/git/run-git.ts";
import { REPOSITORY_BYTES } from "#github/tunables.ts";

export interface Remote {
  /** without any credential */
  url: string;
  /** an installation token */
  token: string;
}

export interface GitSurroundings {
  /** where repositories are made; each lives as long as one publishing */
  directory: string;
  /** PATH, certificates, proxies: what git needs of the machine, and nothing else */
  env: Record<string, string>;
  /** how large a repository may become by what is fetched; default REPOSITORY_BYTES */
  repositoryBytes?: number;
}

interface CommandOptions {
  input?: string | Readable;
  expect?: number[];
  timeoutMs?: number;
  maxOutput?: number;
  env?: Record<string, string>;
}

/** A bare repository for one piece of work, on the runner's side, away from any workspace. */
export interface BareRepository {
  /** A command on what is here; it cannot reach the network. @returns stdout */
  local(args: string[], options?: CommandOptions): Promise<string>;
  /** The same, for what is no text. */
  localBytes(args: string[], options?: CommandOptions): Promise<Buffer>;
  /** A command that speaks with the remote. @throws AppError too_large when it brings more than the repository may hold */
  remote(args: string[], options?: CommandOptions): Promise<GitRun>;
  remove(): Promise<void>;
}

/**
 * Users' and other people's content passes through here, so nothing that it could bring along is run: no hooks (a
 * bare repository made from no template has none), no filters or merge drivers (they would have to be configured, and
 * the configuration is this one alone), no submodules, no transport but the remote's own, no redirects.
 */
const CONFIGURATION: Record<string, string> = {
  "core.hooksPath": "/dev/null",
  "core.attributesFile": "/dev/null",
  "core.excludesFile": "/dev/null",
  "core.fsmonitor": "false",
  "core.quotePath": "false",
  "credential.helper": "",
  "fetch.recurseSubmodules": "false",
  "push.recurseSubmodules": "no",
  "http.followRedirects": "false",
  "merge.directoryRenames": "false",
  "protocol.version": "2",
  // What comes goes to the disk, where it is measured, and not into git's memory.
  "fetch.unpackLimit": "1",
  "gc.auto": "0",
  "maintenance.auto": "false",
  "pack.threads": "1",
  "pack.window": "0",
};

export async function openBareRepository(
  surroundings: GitSurroundings,
  remote: Remote,
  signal?: AbortSignal,
): Promise<BareRepository> {
  await mkdir(surroundings.directory, { recursive: true, mode: 0o700 });
  const directory = await mkdtemp(path.join(surroundings.directory, "publish-"));
  const env = (configuration: Record<string, string>, protocols: string) => ({
    ...surroundings.env,
    HOME: directory,
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "/bin/false",
    GIT_ALLOW_PROTOCOL: protocols,
    GIT_PROTOCOL_FROM_USER: "0",
    ...inEnvironment({ ...CONFIGURATION, ...configuration }),
  });
  const here = env({}, "none");
  // Missing contents are asked for by any command that reads them, so the credential goes to those as well that may.
  const there = env(
    {
      "remote.origin.url": remote.url,
      "remote.origin.promisor": "true",
      "remote.origin.partialCloneFilter": "blob:none",
      "http.extraHeader": `Authorization: Basic ${Buffer.from(`x-access-token:${remote.token}`).toString("base64")}`,
    },
    new URL(remote.url).protocol.replace(":", ""),
  );
  const run = (
    args: string[],
    environment: Record<string, string>,
    options: CommandOptions,
    until = signal,
  ) =>
    runGit(args, {
      cwd: directory,
      signal: until,
      input: options.input,
      expect: options.expect,
      timeoutMs: options.timeoutMs,
      maxOutput: options.maxOutput,
      env: { ...environment, ...options.env },
    });
  await run(["init", "--quiet", "--bare", "--template=", "."], here, {});
  return {
    local: async (args, options = {}) => (await run(args, here, options)).stdout.trimEnd(),
    localBytes: async (args, options = {}) => (await run(args, here, options)).bytes,
    remote: (args, options = {}) =>
      boundSize(directory, surroundings.repositoryBytes ?? REPOSITORY_BYTES, signal, (until) =>
        run(args, there, options, until),
      ),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Configuration that is in the process's environment only: neither in its arguments nor on the disk. */
function inEnvironment(configuration: Record<string, string>): Record<string, string> {
  const entries = Object.entries(configuration);
  const pairs = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(pairs) };
}
