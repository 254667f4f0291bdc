import type { Change } from "#engines/builder/repairs/edits.ts";

/**
 * The text with each search's one occurrence replaced. All searches are made in the text as it was, so that no
 * replacement is found by the next, and their order does not matter; or what is wrong, in sentences.
 */
export function applyChanges(
  path: string,
  text: string,
  changes: readonly Change[],
): { text: string } | { problems: string[] } {
  const ends = usesCrlf(text) ? "\r\n" : "\n";
  const plain = ends === "\n" ? text : text.replaceAll("\r\n", "\n");
  const wanted = ends === "\n" ? changes : changes.map(withPlainEnds);
  const problems = wanted.flatMap(({ search }, index) => problemOfSearch(path, plain, search, index));
  if (problems.length > 0) return { problems };
  const places = wanted
    .map(({ search, replace }, index) => ({
      index,
      at: plain.indexOf(search),
      length: search.length,
      replace,
    }))
    .sort((a, b) => a.at - b.at);
  let changed = "";
  let from = 0;
  for (const [n, { index, at, length, replace }] of places.entries()) {
    if (at < from)
      problems.push(`${path}: the searches ${(places[n - 1]?.index ?? 0) + 1} and ${index + 1} overlap.`);
    changed += plain.slice(from, at) + replace;
    from = at + length;
  }
  if (problems.length > 0) return { problems };
  changed += plain.slice(from);
  return { text: ends === "\n" ? changed : changed.replaceAll("\n", "\r\n") };
}

function problemOfSearch(path: string, text: string, search: string, index: number): string[] {
  const first = text.indexOf(search);
  const name = `${path}: search ${index + 1} (${JSON.stringify(search.slice(0, 120))})`;
  if (first < 0) return [`${name} does not occur in the file as it was shown.`];
  // One unit on, so that occurrences which overlap count as two.
  if (text.indexOf(search, first + 1) >= 0)
    return [`${name} occurs more than once. Take more of the lines around it into the search.`];
  return [];
}

/** Every line ends as Windows ends them; a model writes plain ends all the same. */
function usesCrlf(text: string): boolean {
  return text.includes("\r\n") && !/(^|[^\r])\n/.test(text);
}

function withPlainEnds({ search, replace }: Change): Change {
  return { search: search.replaceAll("\r\n", "\n"), replace: replace.replaceAll("\r\n", "\n") };
}
