/** An offset like `+09:00` could be set as a zone once; PostgreSQL turns it round. Whoever has one has set none. */
export function knownZone(stored: string | null): string | null {
  return stored !== null && /^[A-Za-z]/.test(stored) ? stored : null;
}
