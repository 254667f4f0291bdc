import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const KEEPER = path.resolve(import.meta.dirname, "../../../../workspace-image/keeper");
const STRIPPER = path.resolve(import.meta.dirname, "../../../../workspace-image/strip-types.ts");

export interface RuntimeFiles {
  node: string;
  supervisor: string;
  /** the program that keeps agents apart; null where no C compiler could make it */
  keeper: string | null;
}

/**
 * Node and the supervisor's sources in a form that a sandbox's uid can read: a checkout made under a strict umask, or
 * in a private home, holds files that only their owner may open. Copies go to `home`, named by their content.
 */
export async function provideRuntime(home: string, sources: string, node: string): Promise<RuntimeFiles> {
  const runtime = path.join(home, "runtime");
  await mkdir(runtime, { recursive: true, mode: 0o755 });
  return {
    supervisor: await copySources(runtime, sources),
    node: await readableNode(runtime, node),
    keeper: await compileKeeper(runtime),
  };
}

/** Made of a few hundred lines of C, once: it must speak to this very kernel and run before any Node does. */
async function compileKeeper(runtime: string): Promise<string | null> {
  const { sources, name } = await contentsOf(KEEPER, /\.[ch]$/);
  const target = path.join(runtime, `keeper-${name}`);
  if (await exists(target)) return target;
  const fresh = `${target}.${process.pid}`;
  const units = sources.filter((each) => each.endsWith(".c"));
  try {
    await promisify(execFile)("cc", ["-O2", "-o", fresh, ...units]);
  } catch {
    // No compiler, or none that can: the host's report says what is not enforced then.
    return null;
  }
  await chmod(fresh, 0o755);
  await takePlace(fresh, target);
  return target;
}

/** The files of a directory that match, and a name for what is in them. */
async function contentsOf(directory: string, pattern: RegExp): Promise<{ sources: string[]; name: string }> {
  const names = (await readdir(directory)).filter((each) => pattern.test(each)).sort();
  const hash = createHash("sha256");
  for (const each of names) hash.update(`${each}\0`).update(await readFile(path.join(directory, each)));
  return {
    sources: names.map((each) => path.join(directory, each)),
    name: hash.digest("hex").slice(0, 16),
  };
}

async function copySources(runtime: string, sources: string): Promise<string> {
  const { name } = await contentsOf(sources, /\.(ts|json)$|^npmrc$/);
  const target = path.join(runtime, `supervisor-${name}`);
  if (await exists(target)) return target;
  const fresh = `${target}.${process.pid}`;
  await mkdir(fresh, { recursive: true });
  const quiet = "--disable-warning=ExperimentalWarning";
  await promisify(execFile)(process.execPath, [quiet, STRIPPER, sources, fresh]);
  for (const each of await readdir(fresh)) await chmod(path.join(fresh, each), 0o644);
  await chmod(fresh, 0o755);
  await takePlace(fresh, target);
  return target;
}

async function readableNode(runtime: string, node: string): Promise<string> {
  const found = await stat(node);
  if ((found.mode & 0o005) === 0o005) return node;
  const target = path.join(runtime, `node-${process.version}-${found.size}`);
  if (await exists(target)) return target;
  const fresh = `${target}.${process.pid}`;
  await copyFile(node, fresh);
  await chmod(fresh, 0o755);
  await takePlace(fresh, target);
  return target;
}

/** Another runner may have been quicker; then its copy is as good. */
async function takePlace(fresh: string, target: string): Promise<void> {
  try {
    await rename(fresh, target);
  } catch (error) {
    if (!(await exists(target))) throw error;
    await rm(fresh, { recursive: true, force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

/** The few files of /etc that are made for a sandbox: who is in it, and that nothing is looked up elsewhere. */
export async function writeOwnEtc(directory: string, uid: number): Promise<void> {
  const files: Record<string, string> = {
    passwd: `root:x:0:0:root:/:/usr/sbin/nologin\ncarrel:x:${uid}:${uid}:carrel:/workspace:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n`,
    group: `root:x:0:\ncarrel:x:${uid}:\nnogroup:x:65534:\n`,
    hosts: "127.0.0.1 localhost workspace\n::1 localhost\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
  };
  await mkdir(directory, { recursive: true, mode: 0o755 });
  for (const [name, text] of Object.entries(files)) {
    await writeFile(path.join(directory, name), text);
    await chmod(path.join(directory, name), 0o644);
  }
}
