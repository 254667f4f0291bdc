// PostgreSQL's text and jsonb refuse U+0000 and half of a surrogate pair. What people send is refused for them at the
// border; what programs and models say is kept all the same, with U+FFFD in their place.

export function storableText(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}

/** JSON for a jsonb column. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === "string" ? storableText(inner) : inner,
  );
}
