interface Span {
  startedAt: string;
  endedAt: string | null;
}

/** How long work was done, in milliseconds: steps side by side count once, waiting for a person not at all. */
export function workedTime(spans: readonly Span[]): number {
  const ended = spans
    .flatMap(({ startedAt, endedAt }) =>
      endedAt ? [{ start: Date.parse(startedAt), end: Date.parse(endedAt) }] : [],
    )
    .sort((one, other) => one.start - other.start);
  let total = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { start, end } of ended) {
    total += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return total;
}
