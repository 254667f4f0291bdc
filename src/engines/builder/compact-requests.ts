/** characters of all of a run's requests together up to which each is given whole */
const WHOLE_UP_TO = 24_000;
/** characters that are left of one between the first and the last */
const SHORT = 600;

/**
 * What the person asked for, round by round, as every call of a later round repeats it. What was wished in between has
 * been carried out, and the files show it: of a long conversation its beginning is enough. The first request, which
 * says what the project is, and the last stay whole.
 */
export function compactRequests(requests: string[]): string[] {
  const total = requests.reduce((sum, { length }) => sum + length, 0);
  if (total <= WHOLE_UP_TO) return requests;
  return requests.map((text, index) =>
    index === 0 || index === requests.length - 1 || text.length <= SHORT
      ? text
      : `${text.slice(0, SHORT).toWellFormed()} … (${text.length - SHORT} characters left out)`,
  );
}
