/** What lists of repositories tell of each. */
export interface ListedRepository {
  id: number;
  name: string;
  private: boolean;
  default_branch: string;
  archived?: boolean;
  pushed_at: string | null;
  owner: { login: string; id: number };
  permissions?: { push?: boolean };
}

/** Who has more is asked for the rest when it is named: a page of choices is not read past a thousand. */
const PAGES_MOST = 10;
const PAGE = 100;

/** All pages of a list that GitHub numbers, up to a thousand rows. */
export async function listPages<K extends string, T>(
  ask: (page: {
    per_page: number;
    page: number;
  }) => Promise<{ data: Record<K, T[]> & { total_count: number } }>,
  name: K,
): Promise<T[]> {
  const all: T[] = [];
  for (let page = 1; page <= PAGES_MOST; page += 1) {
    const { data } = await ask({ per_page: PAGE, page });
    all.push(...data[name]);
    if (data[name].length < PAGE) break;
  }
  return all;
}
