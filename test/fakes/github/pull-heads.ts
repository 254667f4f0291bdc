import type { GitServer } from "../git-server.ts";
import { askEmulator, ownerOf } from "./emulator.ts";
import type { GitBridge } from "./git-bridge.ts";
import type { FakeState } from "./state.ts";

// The emulator forgets a pull request's branch once it is open: what is pushed later is neither shown nor merged.

interface Pull {
  number: number;
  state: string;
  head: { ref: string; sha: string };
  base: { ref: string; repo?: { name: string; owner: { login: string } } };
}

/** Puts the head that the branch has now into whatever names a pull request: an answer, a list, an event's payload. */
export async function showHeads<T>(state: FakeState, named: T): Promise<T> {
  if (Array.isArray(named)) for (const one of named) await showHeads(state, one);
  const pull = named as Partial<Pull> | null;
  const repository = pull?.base?.repo;
  if (!pull?.head?.ref || !repository || pull.state !== "open") return named;
  const { owner, name } = { owner: repository.owner.login, name: repository.name };
  const path = `/repos/${owner}/${name}/git/ref/heads/${pull.head.ref}`;
  const ref = await askEmulator<{ object: { sha: string } }>(state, ownerOf(state, owner), "GET", path);
  if (ref) pull.head.sha = ref.object.sha;
  return named;
}

/** Merges as a person presses the button: the emulator for the state, git for the commit. */
export async function mergePull(
  { state, git, bridge }: { state: FakeState; git: GitServer; bridge: GitBridge },
  login: string,
  path: string,
): Promise<unknown> {
  const [, owner = "", name = "", number = ""] =
    /^\/repos\/([^/]+)\/([^/]+)\/pulls\/(\d+)\/merge$/.exec(path) ?? [];
  await bridge.toGit(owner, name);
  const pull = await askEmulator<Pull>(state, login, "GET", `/repos/${owner}/${name}/pulls/${number}`);
  if (!pull) throw new Error(`there is no pull request ${number}`);
  const run = (...args: string[]) => git.git(owner, name, ...args);
  const [base, head] = [`refs/heads/${pull.base.ref}`, `refs/heads/${pull.head.ref}`];
  const [tree = ""] = (await run("merge-tree", "--write-tree", base, head)).split("\n");
  const message = `Merge pull request #${number} from ${owner}/${pull.head.ref}`;
  const commit = await run("commit-tree", tree, "-p", base, "-p", head, "-m", message);
  const answer = await askEmulator(state, login, "PUT", path, {});
  await run("update-ref", base, commit);
  await bridge.toApi(owner, name);
  return answer;
}

export function isMerge(method: string, path: string): boolean {
  return method === "PUT" && /\/pulls\/\d+\/merge$/.test(path);
}
