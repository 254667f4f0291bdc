import type { FakeState } from "./state.ts";

export interface Repository {
  id: number;
  name: string;
  full_name: string;
  private: boolean;
  default_branch: string;
  pushed_at: string | null;
  owner: { login: string; id: number; type: string };
  [field: string]: unknown;
}

/** Asks the emulator behind the fake, as a person. @returns null for 404 */
export async function askEmulator<T>(
  state: FakeState,
  login: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<T | null> {
  const response = await fetch(state.emulator + path, {
    method,
    headers: {
      authorization: `Bearer ${state.personTokens.get(login)}`,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 404) return null;
  const text = await response.text();
  if (!response.ok) throw new Error(`emulator: ${method} ${path}: ${response.status} ${text}`);
  return text === "" ? null : (JSON.parse(text) as T);
}

/** Who may do everything in an account's repositories. */
export function ownerOf(state: FakeState, login: string): string {
  return state.members.get(login)?.[0] ?? login;
}

/** An installation's repositories, as they are now. */
export async function repositoriesOf(state: FakeState, installationId: number): Promise<Repository[]> {
  const installation = state.installations.get(installationId);
  if (!installation) return [];
  const { account, selection, repositories } = installation;
  const known = [...state.repositories.values()].filter(
    ({ id, owner }) => owner === account.login && (selection === "all" || repositories.has(id)),
  );
  const found = await Promise.all(
    known.map(({ owner, name }) =>
      askEmulator<Repository>(state, ownerOf(state, owner), "GET", `/repos/${owner}/${name}`),
    ),
  );
  return found.filter((repository) => repository !== null);
}

/** Whether a person may push to a repository. */
export async function mayPush(state: FakeState, login: string, repository: Repository): Promise<boolean> {
  const owner = repository.owner.login;
  if (owner === login) return true;
  const path = `/repos/${repository.full_name}/collaborators/${login}/permission`;
  const answer = await askEmulator<{ permission: string }>(state, ownerOf(state, owner), "GET", path);
  return answer !== null && ["admin", "write", "push", "maintain"].includes(answer.permission);
}
