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

/** An organisation of ten thousand repositories costs a hundred requests, one look in each event; more is not read. */
const PAGES_MOST = 100;
const PAGE = 100;

export interface Listed<T> {
  rows: T[];
  /** false: there are more than are read, so what is not among them may be there all the same */
  isWhole: boolean;
}

/** All pages of a list that GitHub numbers, up to ten thousand rows. */
export async function listPages<K extends string, T>(
  ask: (page: {
    per_page: number;
    page: number;
  }) => Promise<{ data: Record<K, T[]> & { total_count: number } }>,
  name: K,
): Promise<Listed<T>> {
  const rows: T[] = [];
  for (let page = 1; page <= PAGES_MOST; page += 1) {
    const { data } = await ask({ per_page: PAGE, page });
    rows.push(...data[name]);
    if (data[name].length < PAGE || rows.length >= data.total_count) return { rows, isWhole: true };
  }
  return { rows, isWhole: false };
}
