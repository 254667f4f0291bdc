/** The mark: a desk, and the lamp on it. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round">
        <path d="M6.5 24.5h19" />
        <path d="M11 24.5v-9.2c0-3.6 2.2-6 5.6-6h1.2" />
        <path d="M15.2 14.6c.2-3.2 1.7-5.3 4.4-5.3s4.2 2.1 4.4 5.3Z" fill="var(--on-accent)" />
      </g>
    </svg>
  );
}
